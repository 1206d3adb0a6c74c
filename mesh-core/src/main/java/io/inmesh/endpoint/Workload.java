package io.inmesh.endpoint;

import java.util.Map;

/**
 * A workload before it is part of a service: a pod or a WorkloadEntry.
 *
 * @param id identity over time, as in {@link Endpoint}; without port
 * @param address IP literal or DNS name
 * @param ports number by port name, where the workload says so itself
 * @param weight 0 when the workload does not say
 */
public record Workload(
        String id,
        String address,
        Map<String, Integer> ports,
        Locality locality,
        int weight,
        Map<String, String> labels,
        Condition condition) {
    /** Copies the maps. */
    public Workload {
        ports = Map.copyOf(ports);
        labels = Map.copyOf(labels);
    }
}
