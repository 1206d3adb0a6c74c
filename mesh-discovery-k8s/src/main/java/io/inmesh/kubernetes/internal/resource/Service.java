package io.inmesh.kubernetes.internal.resource;

import java.util.List;
import java.util.Map;

/**
 * A v1 Service. Texts that the server did not send are empty.
 *
 * @param metadata with the annotations {@link Resources#EXPORT_TO} and {@link Resources#TRAFFIC_DISTRIBUTION}
 * @param type {@code ClusterIP} when not said
 * @param clusterIps {@code None} for a headless one
 * @param ipFamilies the preferred one first
 * @param selector empty for a Service whose endpoints are written by others
 * @param internalTrafficPolicy {@code Cluster}, {@code Local} or empty
 * @param trafficDistribution such as {@code PreferSameZone}, or empty
 */
public record Service(
        Metadata metadata,
        String type,
        List<String> clusterIps,
        List<String> ipFamilies,
        List<Port> ports,
        Map<String, String> selector,
        String externalName,
        String internalTrafficPolicy,
        String trafficDistribution)
        implements KubernetesObject {
    public Service {
        clusterIps = List.copyOf(clusterIps);
        ipFamilies = List.copyOf(ipFamilies);
        ports = List.copyOf(ports);
        selector = Map.copyOf(selector);
    }

    /**
     * A port under which the Service is called.
     *
     * @param name empty for the unnamed one
     * @param port 0 when not said
     * @param targetPort 0 when it is a name or not said
     * @param targetName empty when it is a number or not said
     * @param protocol {@code TCP} when not said
     * @param appProtocol empty when not said
     */
    public record Port(String name, int port, int targetPort, String targetName, String protocol, String appProtocol) {}
}
