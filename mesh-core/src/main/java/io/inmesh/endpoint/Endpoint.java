package io.inmesh.endpoint;

import io.inmesh.model.Authority;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One address of a service, as discovery tells it.
 *
 * @param id identity over time: live state (requests in flight, ejection) is kept for as long as the id stays in the
 *     table. Sources choose it so that a re-used address gets a new one (in Kubernetes it holds the pod's uid)
 * @param address IP literal without brackets
 * @param port 1 to 65535
 * @param weight 0 or more; 0 gets nothing while another has weight; 1 where the source knows none
 * @param labels of the workload, for subsets
 * @param dnsName name that has this address in DNS; null for an address that was told as such. An address that cannot be
 *     connected to is spared for a while where the name has others
 */
public record Endpoint(
        String id,
        String address,
        int port,
        Locality locality,
        int weight,
        Map<String, String> labels,
        Condition condition,
        @Nullable String dnsName) {
    public Endpoint {
        labels = Map.copyOf(labels);
    }

    /** An endpoint whose address was told as such. */
    public Endpoint(
            String id,
            String address,
            int port,
            Locality locality,
            int weight,
            Map<String, String> labels,
            Condition condition) {
        this(id, address, port, locality, weight, labels, condition, null);
    }

    /** {@code ip:port}, with brackets around IPv6. */
    public String hostPort() {
        return Authority.inBrackets(address) + ":" + port;
    }

    /** Starts an endpoint that is ready, of weight 1 and without labels. */
    public static Builder builder(String id, String address, int port) {
        return new Builder(id, address, port);
    }

    /** The same under another id. */
    public Endpoint withId(String newId) {
        return copy(newId).build();
    }

    /** Starts a copy. */
    public Builder toBuilder() {
        return copy(id);
    }

    private Builder copy(String newId) {
        return new Builder(newId, address, port)
                .locality(locality)
                .weight(weight)
                .labels(labels)
                .condition(condition)
                .dnsName(dnsName);
    }

    /** Collects an endpoint; not thread-safe. */
    public static final class Builder {
        private final String id;
        private final String address;
        private final int port;
        private Locality locality = Locality.UNKNOWN;
        private int weight = 1;
        private Map<String, String> labels = Map.of();
        private Condition condition = Condition.READY;
        private @Nullable String dnsName;

        private Builder(String id, String address, int port) {
            this.id = id;
            this.address = address;
            this.port = port;
        }

        /** Where it is. */
        public Builder locality(Locality newLocality) {
            locality = newLocality;
            return this;
        }

        /** 0 or more; 0 gets nothing while another has weight; 1 where the source knows none. */
        public Builder weight(int newWeight) {
            weight = newWeight;
            return this;
        }

        /** Of the workload, for subsets. */
        public Builder labels(Map<String, String> newLabels) {
            labels = newLabels;
            return this;
        }

        /** Whether it is ready. */
        public Builder condition(Condition newCondition) {
            condition = newCondition;
            return this;
        }

        /**
         * Name that has this address in DNS; null for an address that was told as such. An address that cannot be connected
         * to is spared for a while where the name has others.
         */
        public Builder dnsName(@Nullable String newDnsName) {
            dnsName = newDnsName;
            return this;
        }

        /** The endpoint. */
        public Endpoint build() {
            return new Endpoint(id, address, port, locality, weight, labels, condition, dnsName);
        }
    }
}
