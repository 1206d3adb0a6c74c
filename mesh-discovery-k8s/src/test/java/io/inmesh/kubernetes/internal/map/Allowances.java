package io.inmesh.kubernetes.internal.map;

import io.inmesh.kubernetes.internal.map.RecordedStep.RecordedCluster;
import io.inmesh.kubernetes.internal.resource.Service;
import io.inmesh.kubernetes.internal.resource.SliceEndpoint;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Where Istio cannot be followed, told by the objects alone so that it holds for cases not yet seen: Istio passes
 * headless Services through, and contradicts itself about an address that is told in two ways.
 */
public record Allowances(Set<String> headless, Map<String, Set<String>> contradicted) {
    /** What the step calls for. */
    public static Allowances of(RecordedStep step) {
        Set<String> headless = new HashSet<>();
        Map<String, Set<String>> contradicted = new HashMap<>();
        for (Service service : step.services()) {
            String host = ServiceMapper.name(service.key(), "cluster.local").host();
            if (service.clusterIps().contains("None") && !service.ports().isEmpty()) {
                headless.add(host);
            }
            Set<String> addresses = contradicted(step, service);
            if (!addresses.isEmpty()) {
                contradicted.put(host, addresses);
            }
        }
        return new Allowances(headless, contradicted);
    }

    /** Whether everything is to be as Istio has it. */
    boolean isEmpty() {
        return headless.isEmpty() && contradicted.isEmpty();
    }

    /** The clusters without what cannot be compared. */
    public Map<String, RecordedCluster> applyTo(Map<String, RecordedCluster> clusters) {
        Map<String, RecordedCluster> allowed = new TreeMap<>();
        clusters.forEach((name, cluster) -> {
            String host = name.substring(name.lastIndexOf('|') + 1);
            Set<String> addresses = contradicted.getOrDefault(host, Set.of());
            allowed.put(
                    name,
                    headless.contains(host)
                            ? new RecordedCluster("headless", cluster.protocol(), List.of())
                            : new RecordedCluster(
                                    cluster.type(),
                                    cluster.protocol(),
                                    cluster.endpoints().stream()
                                            .filter(row -> addresses.stream()
                                                    .noneMatch(address -> row.startsWith(address + ":")))
                                            .toList()));
        });
        return allowed;
    }

    private static Set<String> contradicted(RecordedStep step, Service service) {
        Map<String, SliceEndpoint> told = new HashMap<>();
        Set<String> contradicted = new HashSet<>();
        for (SliceEndpoint endpoint : step.slicesOf(service).stream()
                .flatMap(slice -> slice.endpoints().stream())
                .toList()) {
            SliceEndpoint other = told.putIfAbsent(endpoint.address(), endpoint);
            if (other != null && Boolean.FALSE.equals(other.ready()) != Boolean.FALSE.equals(endpoint.ready())) {
                contradicted.add(endpoint.address());
            }
        }
        return contradicted;
    }
}
