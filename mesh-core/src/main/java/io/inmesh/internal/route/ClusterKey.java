package io.inmesh.internal.route;

/**
 * Identity of a cluster, Istio's naming.
 *
 * @param host full service name
 * @param port service port
 * @param subset empty for the whole service
 */
public record ClusterKey(String host, int port, String subset) {
    /** {@code outbound|port|subset|fqdn}. */
    @Override
    public String toString() {
        return "outbound|" + port + "|" + subset + "|" + host;
    }
}
