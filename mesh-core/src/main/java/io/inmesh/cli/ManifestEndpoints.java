package io.inmesh.cli;

import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.EndpointSource;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.internal.manifest.Manifests;
import io.inmesh.internal.manifest.ServiceManifest;
import io.inmesh.internal.manifest.WorkloadManifest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Kubernetes' Services that stand in files, with an endpoint for each workload there that they select. Addresses are names,
 * such as {@code deployment/cart-v1}, for nothing is sent to them. A Service of which no workload is in the files has one
 * endpoint, itself: {@code service/cart}.
 */
final class ManifestEndpoints implements EndpointSource {
    private final Map<ServiceName, ServiceEndpoints> services = new TreeMap<>();

    ManifestEndpoints(Manifests manifests, String clusterDomain) {
        Map<String, List<WorkloadManifest>> workloads = new HashMap<>();
        for (WorkloadManifest workload : manifests.workloads()) {
            workloads
                    .computeIfAbsent(workload.meta().namespace(), key -> new ArrayList<>())
                    .add(workload);
        }
        for (ServiceManifest service : manifests.services()) {
            ServiceName name = new ServiceName(service.host(clusterDomain));
            services.put(
                    name,
                    endpoints(
                            name, service, workloads.getOrDefault(service.meta().namespace(), List.of())));
        }
    }

    /** Whether there is no Service at all. */
    boolean isEmpty() {
        return services.isEmpty();
    }

    private static ServiceEndpoints endpoints(
            ServiceName name, ServiceManifest service, List<WorkloadManifest> workloads) {
        String namespace = service.meta().namespace();
        List<ServicePort> ports = service.ports().stream()
                .map(ServiceManifest.Port::toServicePort)
                .toList();
        List<String> exportTo = service.exportTo().contains("*")
                ? List.of()
                : service.exportTo().stream()
                        .map(target -> target.equals(".") ? namespace : target)
                        .toList();
        if (service.isAlias() && !service.externalName().isEmpty()) {
            return ServiceEndpoints.alias(name, namespace, new ServiceName(service.externalName()), ports, exportTo);
        }
        List<WorkloadManifest> selected = service.selector().isEmpty()
                ? List.of()
                : workloads.stream()
                        .filter(workload -> workload.has(service.selector()))
                        .toList();
        Map<Integer, List<Endpoint>> byPort = new HashMap<>();
        for (ServiceManifest.Port port : service.ports()) {
            byPort.put(port.number(), selected.isEmpty() ? itself(service, port) : of(selected, port));
        }
        return ServiceEndpoints.builder(name, namespace, ServiceEndpoints.State.ENDPOINTS)
                .ports(ports)
                .endpoints(byPort)
                .exportTo(exportTo)
                .namedInstances(service.headless())
                .build();
    }

    private static List<Endpoint> itself(ServiceManifest service, ServiceManifest.Port port) {
        String address = "service/" + service.meta().name();
        return List.of(Endpoint.builder(address, address, port.number())
                .labels(service.selector())
                .build());
    }

    /** One that is written to have no replicas has no endpoint. */
    private static List<Endpoint> of(List<WorkloadManifest> workloads, ServiceManifest.Port port) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (WorkloadManifest workload : workloads) {
            Integer number = target(workload, port);
            Integer replicas = workload.replicas();
            if (number != null && (replicas == null || replicas > 0)) {
                String address = workload.kind().toLowerCase(Locale.ROOT) + "/"
                        + workload.meta().name();
                endpoints.add(Endpoint.builder(address, address, number)
                        .labels(workload.podLabels())
                        .build());
            }
        }
        return endpoints;
    }

    /** The pods' port; null where no container has one of the name. */
    private static @Nullable Integer target(WorkloadManifest workload, ServiceManifest.Port port) {
        String target = port.targetPort();
        if (target.isEmpty()) {
            return port.number();
        }
        for (WorkloadManifest.Port own : workload.ports()) {
            if (own.name().equals(target)) {
                return own.number();
            }
        }
        try {
            return Integer.valueOf(target);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    @Override
    public AutoCloseable watch(ServiceName service, Consumer<ServiceEndpoints> onUpdate) {
        ServiceEndpoints known = services.get(service);
        onUpdate.accept(known == null ? ServiceEndpoints.absent(service) : known);
        return () -> {};
    }

    @Override
    public AutoCloseable watchNames(Consumer<Set<ServiceName>> onNames) {
        onNames.accept(Set.copyOf(services.keySet()));
        return () -> {};
    }

    @Override
    public String name() {
        return "files";
    }

    @Override
    public void close() {}
}
