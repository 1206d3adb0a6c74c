package io.inmesh.call;

import org.jspecify.annotations.Nullable;

/**
 * How the connections that an attempt may use are made and kept, where rules say so (Istio: ConnectionPoolSettings). A
 * transport keeps what its client can keep; attempts of unequal settings share no connection. Made by {@link #builder},
 * never by the constructor: it gets more parts with time. A value.
 *
 * @param maxRequests after how many requests a connection gets no more; 0 for no such number
 * @param idleTimeoutNanos after how long without a request a connection gets none; 0 for as long as the client keeps it
 * @param maxDurationNanos after how long since it was opened a connection gets no more requests; 0 for no such time
 * @param keepalive probes of the operating system's; null for the client's own
 */
public record ConnectionSettings(
        int maxRequests,
        long idleTimeoutNanos,
        long maxDurationNanos,
        @Nullable TcpKeepalive keepalive) {
    /**
     * Probes that find out whether the other side of an idle connection is still there; 0 stands for the operating system's
     * own number.
     *
     * @param probes how many without an answer end the connection
     * @param timeSeconds how long a connection is idle before the first
     * @param intervalSeconds between two
     */
    public record TcpKeepalive(int probes, int timeSeconds, int intervalSeconds) {}

    /** Starts settings that say nothing. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects settings; not thread-safe. */
    public static final class Builder {
        private int maxRequests;
        private long idleTimeoutNanos;
        private long maxDurationNanos;
        private @Nullable TcpKeepalive keepalive;

        private Builder() {}

        /** After how many requests a connection gets no more; 0 for no such number. */
        public Builder maxRequests(int newMaxRequests) {
            maxRequests = newMaxRequests;
            return this;
        }

        /** After how long without a request a connection gets none; 0 for as long as the client keeps it. */
        public Builder idleTimeoutNanos(long newIdleTimeout) {
            idleTimeoutNanos = newIdleTimeout;
            return this;
        }

        /** After how long since it was opened a connection gets no more requests; 0 for no such time. */
        public Builder maxDurationNanos(long newMaxDuration) {
            maxDurationNanos = newMaxDuration;
            return this;
        }

        /** Probes of the operating system's; null for the client's own. */
        public Builder keepalive(@Nullable TcpKeepalive newKeepalive) {
            keepalive = newKeepalive;
            return this;
        }

        /** The settings. */
        public ConnectionSettings build() {
            return new ConnectionSettings(maxRequests, idleTimeoutNanos, maxDurationNanos, keepalive);
        }
    }
}
