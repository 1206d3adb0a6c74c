package io.inmesh.model;

import java.util.List;

/**
 * All rules of a mesh at one moment. The order of the lists does not matter: where two objects claim the same host, the
 * older wins, and of two equally old ones that whose name comes first (Istio). Objects without a
 * {@code creationTimestamp}, as files have none, count as oldest.
 */
public record MeshConfig(
        List<VirtualService> virtualServices,
        List<DestinationRule> destinationRules,
        List<ServiceEntry> serviceEntries) {
    /** No rules at all. */
    public static final MeshConfig EMPTY = new MeshConfig(List.of(), List.of(), List.of());

    /** Copies the lists. */
    public MeshConfig {
        virtualServices = List.copyOf(virtualServices);
        destinationRules = List.copyOf(destinationRules);
        serviceEntries = List.copyOf(serviceEntries);
    }
}
