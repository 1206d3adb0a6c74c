package io.inmesh.model;

import java.util.List;

/**
 * All rules of a mesh at one moment. Where two objects claim the same, the one that comes first in
 * {@link ConfigObject#OLDEST_FIRST} wins; the order of the lists decides only between objects of the same name and
 * namespace.
 */
public record MeshConfig(
        List<VirtualService> virtualServices,
        List<DestinationRule> destinationRules,
        List<ServiceEntry> serviceEntries,
        List<WorkloadEntryObject> workloadEntries) {
    /** No rules at all. */
    public static final MeshConfig EMPTY = new MeshConfig(List.of(), List.of(), List.of());

    public MeshConfig {
        virtualServices = List.copyOf(virtualServices);
        destinationRules = List.copyOf(destinationRules);
        serviceEntries = List.copyOf(serviceEntries);
        workloadEntries = List.copyOf(workloadEntries);
    }

    /** Rules without WorkloadEntries. */
    public MeshConfig(
            List<VirtualService> virtualServices,
            List<DestinationRule> destinationRules,
            List<ServiceEntry> serviceEntries) {
        this(virtualServices, destinationRules, serviceEntries, List.of());
    }
}
