package io.inmesh.cli;

import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.EndpointSource;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.endpoint.Workload;
import io.inmesh.endpoint.WorkloadSelector;
import io.inmesh.internal.check.GivenLabels;
import io.inmesh.internal.manifest.Manifests;
import io.inmesh.internal.manifest.ServiceManifest;
import io.inmesh.internal.manifest.WorkloadManifest;
import io.inmesh.internal.route.HostNames;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.Subset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Kubernetes' Services that stand in files, with an endpoint for each workload there that they select. Addresses are names,
 * such as {@code deployment/cart-v1}, for nothing is sent to them. A Service of which no workload is in the files has one
 * address, its own: {@code service/cart}.
 *
 * <p>An address has an endpoint for each set of labels that it may have as far as the files tell: what stands in for workloads
 * that are not there belongs to every subset, and a workload to those too that differ by labels which it gets later.
 */
final class ManifestEndpoints implements EndpointSource {
    /** A name as Kubernetes has it, of a container's port for instance. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");

    private final Map<ServiceName, ServiceEndpoints> services = new TreeMap<>();
    private final Map<String, List<WorkloadManifest>> workloads = new HashMap<>();
    private final List<WorkloadSelector> selectors;
    private final MeshConfig config;
    private final String clusterDomain;

    ManifestEndpoints(Manifests manifests, MeshConfig config, String clusterDomain) {
        this.config = config;
        this.clusterDomain = clusterDomain;
        // Of one that is written twice the later counts, as with rules.
        Map<String, WorkloadManifest> written = new LinkedHashMap<>();
        manifests.workloads().stream()
                .filter(workload -> !workload.kind().endsWith("Job"))
                .forEach(workload -> written.put(workload.toString(), workload));
        for (WorkloadManifest workload : written.values()) {
            workloads
                    .computeIfAbsent(workload.meta().namespace(), key -> new ArrayList<>())
                    .add(workload);
        }
        selectors = config.serviceEntries().stream()
                .filter(entry -> entry.workloadSelector() != null)
                .map(entry -> new WorkloadSelector(
                        entry.meta().namespace(), Objects.requireNonNull(entry.workloadSelector())))
                .toList();
        for (ServiceManifest service : manifests.services()) {
            ServiceName name = new ServiceName(service.host(clusterDomain));
            services.put(
                    name,
                    endpoints(
                            name, service, workloads.getOrDefault(service.meta().namespace(), List.of())));
        }
    }

    /** Whether nothing is told: there is no Service, and no workload that a ServiceEntry selects. */
    boolean isEmpty() {
        return services.isEmpty()
                && selectors.stream().allMatch(selector -> selected(selector).isEmpty());
    }

    private ServiceEndpoints endpoints(ServiceName name, ServiceManifest service, List<WorkloadManifest> candidates) {
        String namespace = service.meta().namespace();
        Map<Integer, ServiceManifest.Port> carried = new LinkedHashMap<>();
        service.ports().stream()
                .filter(ServiceManifest.Port::isCarried)
                .forEach(port -> carried.putIfAbsent(port.number(), port));
        List<ServicePort> ports = carried.values().stream()
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
                : candidates.stream()
                        .filter(workload -> workload.has(service.selector()))
                        .toList();
        List<Map<String, String>> subsets = subsets(name.host());
        Map<Integer, List<Endpoint>> byPort = new HashMap<>();
        for (ServiceManifest.Port port : carried.values()) {
            byPort.put(
                    port.number(), selected.isEmpty() ? itself(service, port, subsets) : of(selected, port, subsets));
        }
        return ServiceEndpoints.builder(name, namespace, ServiceEndpoints.State.ENDPOINTS)
                .ports(ports)
                .endpoints(byPort)
                .exportTo(exportTo)
                .namedInstances(service.headless())
                .build();
    }

    /** Labels of all subsets of a host, whoever defines them. */
    private List<Map<String, String>> subsets(String host) {
        return config.destinationRules().stream()
                .filter(rule -> ServiceName.covers(
                        HostNames.resolve(rule.host(), rule.meta().namespace(), clusterDomain), host))
                .flatMap(rule -> rule.subsets().stream())
                .map(Subset::labels)
                .distinct()
                .toList();
    }

    private static List<Endpoint> itself(
            ServiceManifest service, ServiceManifest.Port port, List<Map<String, String>> subsets) {
        String address = "service/" + service.meta().name();
        Set<Map<String, String>> labels = new LinkedHashSet<>(List.of(service.selector()));
        subsets.forEach(subset -> labels.add(with(service.selector(), subset)));
        return endpoints(address, port.number(), labels);
    }

    /** A workload's own labels, and with those that a subset wants beyond them and that it may get later. */
    private static Set<Map<String, String>> labels(WorkloadManifest workload, List<Map<String, String>> subsets) {
        Set<Map<String, String>> labels = new LinkedHashSet<>(List.of(workload.podLabels()));
        for (Map<String, String> subset : subsets) {
            Map<String, String> later = new HashMap<>(subset);
            later.entrySet().removeAll(workload.podLabels().entrySet());
            if (GivenLabels.without(later).isEmpty()) {
                labels.add(with(workload.podLabels(), later));
            }
        }
        return labels;
    }

    private static Map<String, String> with(Map<String, String> labels, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(labels);
        all.putAll(more);
        return all;
    }

    private static List<Endpoint> endpoints(String address, int port, Set<Map<String, String>> labels) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (Map<String, String> one : labels) {
            String id = endpoints.isEmpty() ? address : address + "#" + endpoints.size();
            endpoints.add(Endpoint.builder(id, address, port).labels(one).build());
        }
        return endpoints;
    }

    /** One that is written to have no replicas has no endpoint. */
    private static List<Endpoint> of(
            List<WorkloadManifest> workloads, ServiceManifest.Port port, List<Map<String, String>> subsets) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (WorkloadManifest workload : workloads) {
            Integer number = target(workload, port);
            if (number != null && hasPods(workload)) {
                endpoints.addAll(endpoints(address(workload), number, labels(workload, subsets)));
            }
        }
        return endpoints;
    }

    private static String address(WorkloadManifest workload) {
        return workload.kind().toLowerCase(Locale.ROOT) + "/" + workload.meta().name();
    }

    private static boolean hasPods(WorkloadManifest workload) {
        Integer replicas = workload.replicas();
        return replicas == null || replicas > 0;
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
        if (port.targetNumber() > 0) {
            return port.targetNumber();
        }
        // Another tool fills in what is neither name nor number, a template's placeholder for instance.
        return NAME.matcher(target).matches() && !port.hasTargetNumber() ? null : Integer.valueOf(port.number());
    }

    private List<WorkloadManifest> selected(WorkloadSelector selector) {
        return workloads.getOrDefault(selector.namespace(), List.of()).stream()
                .filter(workload -> hasPods(workload) && workload.has(selector.labels()))
                .toList();
    }

    @Override
    public AutoCloseable watchWorkloads(WorkloadSelector selector, Consumer<List<Workload>> onUpdate) {
        List<Map<String, String>> subsets = config.destinationRules().stream()
                .flatMap(rule -> rule.subsets().stream())
                .map(Subset::labels)
                .distinct()
                .toList();
        List<Workload> told = new ArrayList<>();
        for (WorkloadManifest workload : selected(selector)) {
            for (Endpoint one : endpoints(address(workload), 1, labels(workload, subsets))) {
                told.add(Workload.builder(one.id(), one.address())
                        .labels(one.labels())
                        .build());
            }
        }
        onUpdate.accept(told);
        return () -> {};
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
