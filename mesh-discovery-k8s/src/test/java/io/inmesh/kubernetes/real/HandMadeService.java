package io.inmesh.kubernetes.real;

import java.util.List;
import java.util.Map;

/** A service without a selector, whose one slice a test writes: no controller has a part in it. */
final class HandMadeService {
    static final String NAME = "web";
    static final String HOST = NAME + ".default.svc.cluster.local";
    static final int PORT = 80;

    private final ClusterApi api;

    private HandMadeService(ClusterApi api) {
        this.api = api;
    }

    /** Makes it, without endpoints, in the namespace {@code default}. */
    static HandMadeService create(ClusterApi api) {
        api.apply(
                Map.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "Service",
                        "metadata",
                        Map.of("name", NAME),
                        "spec",
                        Map.of("ports", List.of(Map.of("name", "http", "port", PORT)))),
                "default");
        return new HandMadeService(api);
    }

    /** Makes these its endpoints. */
    void has(List<String> addresses) {
        api.apply(
                Map.of(
                        "apiVersion",
                        "discovery.k8s.io/v1",
                        "kind",
                        "EndpointSlice",
                        "metadata",
                        Map.of("name", NAME + "-1", "labels", Map.of("kubernetes.io/service-name", NAME)),
                        "addressType",
                        "IPv4",
                        "ports",
                        List.of(Map.of("name", "http", "port", 8080)),
                        "endpoints",
                        addresses.stream()
                                .map(address -> Map.of("addresses", List.of(address)))
                                .toList()),
                "default");
    }
}
