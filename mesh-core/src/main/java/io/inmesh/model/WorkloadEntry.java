package io.inmesh.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint of a ServiceEntry (Istio: WorkloadEntry).
 *
 * @param address IP address, or a DNS name with resolution DNS
 * @param ports by port name of the service; overrides targetPort and number
 * @param locality {@code region/zone/subzone}, null when not given
 * @param weight 0 when not given: 1
 */
public record WorkloadEntry(
        String address,
        Map<String, Integer> ports,
        Map<String, String> labels,
        @Nullable String network,
        @Nullable String locality,
        int weight,
        @Nullable String serviceAccount,
        Origin origin) {
    public WorkloadEntry {
        ports = Map.copyOf(ports);
        labels = Map.copyOf(labels);
    }

    /** Starts an entry without labels or weight. */
    public static Builder builder(String address) {
        return new Builder(address);
    }

    /** Starts a copy. */
    public Builder toBuilder() {
        return new Builder(address)
                .ports(ports)
                .labels(labels)
                .network(network)
                .locality(locality)
                .weight(weight)
                .serviceAccount(serviceAccount)
                .origin(origin);
    }

    /** Collects an entry; not thread-safe. */
    public static final class Builder {
        private final String address;
        private Map<String, Integer> ports = Map.of();
        private Map<String, String> labels = Map.of();
        private @Nullable String network;
        private @Nullable String locality;
        private int weight;
        private @Nullable String serviceAccount;
        private Origin origin = Origin.NONE;

        private Builder(String address) {
            this.address = address;
        }

        /** By port name of the service; overrides targetPort and number. */
        public Builder ports(Map<String, Integer> newPorts) {
            ports = newPorts;
            return this;
        }

        /** For subsets. */
        public Builder labels(Map<String, String> newLabels) {
            labels = newLabels;
            return this;
        }

        /** Null when not given. */
        public Builder network(@Nullable String newNetwork) {
            network = newNetwork;
            return this;
        }

        /** {@code region/zone/subzone}, null when not given. */
        public Builder locality(@Nullable String newLocality) {
            locality = newLocality;
            return this;
        }

        /** 0 when not given: 1. */
        public Builder weight(int newWeight) {
            weight = newWeight;
            return this;
        }

        /** Null when not given. */
        public Builder serviceAccount(@Nullable String newServiceAccount) {
            serviceAccount = newServiceAccount;
            return this;
        }

        /** Place of the entry. */
        public Builder origin(Origin newOrigin) {
            origin = newOrigin;
            return this;
        }

        /** The entry. */
        public WorkloadEntry build() {
            return new WorkloadEntry(address, ports, labels, network, locality, weight, serviceAccount, origin);
        }
    }
}
