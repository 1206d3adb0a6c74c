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
    /** Copies the lists. */
    public VirtualService {
        hosts = List.copyOf(hosts);
        gateways = List.copyOf(gateways);
        http = List.copyOf(http);
        exportTo = List.copyOf(exportTo);
    }
}
