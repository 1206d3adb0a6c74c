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
    public Workload {
        ports = Map.copyOf(ports);
        labels = Map.copyOf(labels);
    }

    /** Starts a workload that is ready, without labels. */
    public static Builder builder(String id, String address) {
        return new Builder(id, address);
    }

    /** Starts a copy. */
    public Builder toBuilder() {
        return new Builder(id, address)
                .ports(ports)
                .locality(locality)
                .weight(weight)
                .labels(labels)
                .condition(condition);
    }

    /** Collects a workload; not thread-safe. */
    public static final class Builder {
        private final String id;
        private final String address;
        private Map<String, Integer> ports = Map.of();
        private Locality locality = Locality.UNKNOWN;
        private int weight;
        private Map<String, String> labels = Map.of();
        private Condition condition = Condition.READY;

        private Builder(String id, String address) {
            this.id = id;
            this.address = address;
        }

        /** Number by port name, where the workload says so itself. */
        public Builder ports(Map<String, Integer> newPorts) {
            ports = newPorts;
            return this;
        }

        /** Where it is. */
        public Builder locality(Locality newLocality) {
            locality = newLocality;
            return this;
        }

        /** 0 when the workload does not say. */
        public Builder weight(int newWeight) {
            weight = newWeight;
            return this;
        }

        /** For subsets. */
        public Builder labels(Map<String, String> newLabels) {
            labels = newLabels;
            return this;
        }

        /** Whether it is ready. */
        public Builder condition(Condition newCondition) {
            condition = newCondition;
            return this;
        }

        /** The workload. */
        public Workload build() {
            return new Workload(id, address, ports, locality, weight, labels, condition);
        }
    }
}
