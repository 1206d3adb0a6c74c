package io.inmesh.model;

import java.util.List;
import java.util.Map;

/**
 * Which workloads an {@link AuthorizationPolicy} or a {@link RequestAuthentication} is for.
 *
 * @param labels all must be on the workload; empty selects every one of the namespaces
 * @param targets {@code targetRefs} as {@code Kind/name}; where it is not empty references take the place of labels, and the
 *     policy is for waypoints and gateways of the Kubernetes Gateway API: for no workload that InMesh knows
 */
public record WorkloadMatch(Map<String, String> labels, List<String> targets) {
    public WorkloadMatch {
        labels = Map.copyOf(labels);
        targets = List.copyOf(targets);
    }

    /** All workloads. */
    public static final WorkloadMatch ALL = new WorkloadMatch(Map.of(), List.of());
}
