package io.inmesh.explain;

import io.inmesh.event.Ejection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint of the cluster that a request goes to, as its balancer sees it. Immutable.
 *
 * @param state {@code ready}, or why it gets nothing
 * @param used whether the balancer may pick it
 * @param ejection why and since when this cluster spares it; null while it does not
 */
public record EndpointState(
        String hostPort,
        String state,
        boolean used,
        int weight,
        int activeRequests,
        Map<String, String> labels,
        @Nullable Ejection ejection) {
    public EndpointState {
        labels = Map.copyOf(labels);
    }

    /** Starts an endpoint without weight, calls and labels. */
    public static Builder builder(String hostPort, String state, boolean used) {
        return new Builder(hostPort, state, used);
    }

    /** Starts a copy. */
    public Builder toBuilder() {
        return new Builder(hostPort, state, used)
                .weight(weight)
                .activeRequests(activeRequests)
                .labels(labels)
                .ejection(ejection);
    }

    /** Collects an endpoint; not thread-safe. */
    public static final class Builder {
        private final String hostPort;
        private final String state;
        private final boolean used;
        private int weight;
        private int activeRequests;
        private Map<String, String> labels = Map.of();
        private @Nullable Ejection ejection;

        private Builder(String hostPort, String state, boolean used) {
            this.hostPort = hostPort;
            this.state = state;
            this.used = used;
        }

        /** 0 or more. */
        public Builder weight(int newWeight) {
            weight = newWeight;
            return this;
        }

        /** Attempts in flight. */
        public Builder activeRequests(int newActiveRequests) {
            activeRequests = newActiveRequests;
            return this;
        }

        /** Of the workload. */
        public Builder labels(Map<String, String> newLabels) {
            labels = newLabels;
            return this;
        }

        /** Null for none. */
        public Builder ejection(@Nullable Ejection newEjection) {
            ejection = newEjection;
            return this;
        }

        /** The endpoint. */
        public EndpointState build() {
            return new EndpointState(hostPort, state, used, weight, activeRequests, labels, ejection);
        }
    }
}
