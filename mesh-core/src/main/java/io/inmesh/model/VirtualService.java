package io.inmesh.model;

import java.util.List;

/**
 * HTTP routing of one or more hosts (Istio: networking.istio.io VirtualService; the {@code tls} and {@code tcp} parts
 * are not executed and so have no place here).
 *
 * @param hosts as written, short names not yet expanded; empty only for a delegate
 * @param gateways as written; empty means {@code mesh} alone
 * @param http routes in order, first match wins
 * @param exportTo as written; empty means everybody
 */
public record VirtualService(
        ObjectMeta meta, List<String> hosts, List<String> gateways, List<HttpRoute> http, List<String> exportTo)
        implements ConfigObject {
    /** The gateway that stands for calls between services. */
    public static final String MESH = "mesh";

    public VirtualService {
        hosts = List.copyOf(hosts);
        gateways = List.copyOf(gateways);
        http = List.copyOf(http);
        exportTo = List.copyOf(exportTo);
    }

    /** Whether a rule with these gateways, as written, is for calls between services; one without any is. */
    public static boolean concernsMesh(List<String> gateways) {
        return gateways.isEmpty() || gateways.contains(MESH);
    }

    /** Whether the rule is for a gateway, or for calls between services. */
    public boolean concerns(GatewayName gateway) {
        return gateway.isMesh()
                ? concernsMesh(gateways)
                : gateways.stream()
                        .map(written -> GatewayName.of(written, meta.namespace()))
                        .anyMatch(gateway::equals);
    }
}
