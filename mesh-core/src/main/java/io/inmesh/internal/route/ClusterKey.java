package io.inmesh.internal.route;

import org.jspecify.annotations.Nullable;

/** Identity of a cluster, Istio's naming. Immutable; its text is made once, since observers are given it with each call. */
public final class ClusterKey {
    private final String host;
    private final int port;
    private final String subset;
    private final String text;

    /**
     * Names a cluster.
     *
     * @param host full service name
     * @param port service port
     * @param subset empty for the whole service
     */
    public ClusterKey(String host, int port, String subset) {
        this.host = host;
        this.port = port;
        this.subset = subset;
        this.text = "outbound|" + port + "|" + subset + "|" + host;
    }

    /** Full service name. */
    public String host() {
        return host;
    }

    /** Service port. */
    public int port() {
        return port;
    }

    /** Empty for the whole service. */
    public String subset() {
        return subset;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof ClusterKey key && text.equals(key.text));
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** {@code outbound|port|subset|fqdn}. */
    @Override
    public String toString() {
        return text;
    }
}
