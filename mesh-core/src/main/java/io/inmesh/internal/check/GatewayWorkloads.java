package io.inmesh.internal.check;

import io.inmesh.internal.manifest.Manifests;
import io.inmesh.internal.manifest.WorkloadManifest;
import io.inmesh.model.Gateway;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Workloads in files that Gateways are for, in all namespaces as in Istio by default. */
final class GatewayWorkloads {
    /** Labels of the gateway that Istio's own installation makes, in its root namespace. */
    static final Map<String, String> USUAL = Map.of("istio", "ingressgateway");

    /** Ports of the Service of that gateway, and those to which they lead. */
    static final Set<Integer> USUAL_PORTS = Set.of(80, 443, 8080, 8443, 15021, 15012, 15017, 15443, 31400);

    private final List<WorkloadManifest> workloads;
    private final Map<Map<String, String>, List<WorkloadManifest>> bySelector = new HashMap<>();

    GatewayWorkloads(Manifests manifests) {
        workloads = manifests.workloads();
    }

    /** Those of a Gateway; none where it is for all. */
    List<WorkloadManifest> of(Gateway gateway) {
        return gateway.selector().isEmpty()
                ? List.of()
                : bySelector.computeIfAbsent(
                        gateway.selector(),
                        selector -> workloads.stream()
                                .filter(one -> one.has(selector))
                                .toList());
    }
}
