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
 * @param extras what its annotations ask for beyond Istio's fields
 */
public record DestinationRule(
        ObjectMeta meta,
        String host,
        @Nullable TrafficPolicy trafficPolicy,
        List<Subset> subsets,
        List<String> exportTo,
        @Nullable Map<String, String> workloadSelector,
        DestinationExtras extras)
        implements ConfigObject {
    public DestinationRule {
        subsets = List.copyOf(subsets);
        exportTo = List.copyOf(exportTo);
        workloadSelector = workloadSelector == null ? null : Map.copyOf(workloadSelector);
    }

    /** Starts a rule for everybody, without policy and subsets. */
    public static Builder builder(ObjectMeta meta, String host) {
        return new Builder(meta, host);
    }

    /** Starts a copy. */
    public Builder toBuilder() {
        return new Builder(meta, host)
                .trafficPolicy(trafficPolicy)
                .subsets(subsets)
                .exportTo(exportTo)
                .workloadSelector(workloadSelector)
                .extras(extras);
    }

    /** Collects a rule; not thread-safe. */
    public static final class Builder {
        private final ObjectMeta meta;
        private final String host;
        private @Nullable TrafficPolicy trafficPolicy;
        private List<Subset> subsets = List.of();
        private List<String> exportTo = List.of();
        private @Nullable Map<String, String> workloadSelector;
        private DestinationExtras extras = DestinationExtras.NONE;

        private Builder(ObjectMeta meta, String host) {
            this.meta = meta;
            this.host = host;
        }

        /** Null when not given. */
        public Builder trafficPolicy(@Nullable TrafficPolicy newTrafficPolicy) {
            trafficPolicy = newTrafficPolicy;
            return this;
        }

        /** In order of writing. */
        public Builder subsets(List<Subset> newSubsets) {
            subsets = newSubsets;
            return this;
        }

        /** As written; empty means everybody. */
        public Builder exportTo(List<String> newExportTo) {
            exportTo = newExportTo;
            return this;
        }

        /** Labels of the calling workloads it concerns; null means all. */
        public Builder workloadSelector(@Nullable Map<String, String> newWorkloadSelector) {
            workloadSelector = newWorkloadSelector;
            return this;
        }

        /** What its annotations ask for beyond Istio's fields; nothing unless told. */
        public Builder extras(DestinationExtras newExtras) {
            extras = newExtras;
            return this;
        }

        /** The rule. */
        public DestinationRule build() {
            return new DestinationRule(meta, host, trafficPolicy, subsets, exportTo, workloadSelector, extras);
        }
    }
}
