package io.inmesh.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Policies and subsets of a destination (Istio: networking.istio.io DestinationRule).
 *
 * @param host as written, short names not yet expanded
 * @param trafficPolicy null when not given
 * @param subsets in order of writing
 * @param exportTo as written; empty means everybody
 * @param workloadSelector labels of the calling workloads it concerns; null means all
 */
public record DestinationRule(
        ObjectMeta meta,
        String host,
        @Nullable TrafficPolicy trafficPolicy,
        List<Subset> subsets,
        List<String> exportTo,
        @Nullable Map<String, String> workloadSelector)
        implements ConfigObject {
    /** Copies the lists. */
    public DestinationRule {
        subsets = List.copyOf(subsets);
        exportTo = List.copyOf(exportTo);
        workloadSelector = workloadSelector == null ? null : Map.copyOf(workloadSelector);
    }
}
