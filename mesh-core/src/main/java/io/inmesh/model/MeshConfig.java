package io.inmesh.model;

import java.util.List;

/**
 * All rules of a mesh at one moment. The order of each list is the order of creation: where two objects claim the same
 * host, the earlier wins (Istio: oldest wins), except that two {@code creationTimestamp}s decide when both have one.
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
