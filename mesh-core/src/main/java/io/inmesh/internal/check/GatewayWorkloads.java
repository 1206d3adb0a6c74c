package io.inmesh.internal.check;

import io.inmesh.internal.manifest.Manifests;
import io.inmesh.internal.manifest.ServiceManifest;
import io.inmesh.internal.manifest.WorkloadManifest;
import io.inmesh.model.Gateway;
import java.util.ArrayList;
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

    /** Services by one of the labels that they select. */
    private final Map<Label, List<ServiceManifest>> services = new HashMap<>();

    private record Label(String namespace, String key, String value) {}

    GatewayWorkloads(Manifests manifests) {
        workloads = manifests.workloads();
        for (ServiceManifest service : manifests.services()) {
            service.selector().entrySet().stream()
                    .max(Map.Entry.<String, String>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                    .ifPresent(label -> services.computeIfAbsent(
                                    new Label(service.meta().namespace(), label.getKey(), label.getValue()),
                                    key -> new ArrayList<>())
                            .add(service));
        }
    }

    /** Services that select a workload. */
    List<ServiceManifest> servicesOf(WorkloadManifest workload) {
        return workload.podLabels().entrySet().stream()
                .flatMap(label -> services
                        .getOrDefault(
                                new Label(workload.meta().namespace(), label.getKey(), label.getValue()), List.of())
                        .stream())
                .filter(service -> workload.has(service.selector()))
                .toList();
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
