package io.inmesh.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Limits on connections and requests (Istio: ConnectionPoolSettings). Null means not given. */
public record ConnectionPoolSettings(
        @Nullable Tcp tcp, @Nullable Http http) {
    /** Settings of connections. */
    public record Tcp(
            @Nullable Integer maxConnections,
            @Nullable Duration connectTimeout,
            @Nullable Duration maxConnectionDuration,
            @Nullable Duration idleTimeout,
            @Nullable TcpKeepalive tcpKeepalive) {
        /** Settings without probes. */
        public Tcp(
                @Nullable Integer maxConnections,
                @Nullable Duration connectTimeout,
                @Nullable Duration maxConnectionDuration,
                @Nullable Duration idleTimeout) {
            this(maxConnections, connectTimeout, maxConnectionDuration, idleTimeout, null);
        }
    }

    /**
     * Probes of idle connections; what is null is as the operating system has it.
     *
     * @param probes how many without an answer end a connection
     * @param time how long a connection is idle before the first
     * @param interval between two
     */
    public record TcpKeepalive(
            @Nullable Integer probes,
            @Nullable Duration time,
            @Nullable Duration interval) {}

    /** Settings of requests; {@code http2MaxRequests} concerns HTTP/1 too. */
    public record Http(
            @Nullable Integer http1MaxPendingRequests,
            @Nullable Integer http2MaxRequests,
            @Nullable Integer maxRequestsPerConnection,
            @Nullable Integer maxRetries,
            @Nullable Duration idleTimeout,
            @Nullable H2UpgradePolicy h2UpgradePolicy,
            boolean useClientProtocol,
            @Nullable Integer maxConcurrentStreams) {
        /** Starts settings in which nothing is given. */
        public static Builder builder() {
            return new Builder();
        }

        /** Starts a copy. */
        public Builder toBuilder() {
            return new Builder()
                    .http1MaxPendingRequests(http1MaxPendingRequests)
                    .http2MaxRequests(http2MaxRequests)
                    .maxRequestsPerConnection(maxRequestsPerConnection)
                    .maxRetries(maxRetries)
                    .idleTimeout(idleTimeout)
                    .h2UpgradePolicy(h2UpgradePolicy)
                    .useClientProtocol(useClientProtocol)
                    .maxConcurrentStreams(maxConcurrentStreams);
        }

        /** Collects settings; not thread-safe. */
        public static final class Builder {
            private @Nullable Integer http1MaxPendingRequests;
            private @Nullable Integer http2MaxRequests;
            private @Nullable Integer maxRequestsPerConnection;
            private @Nullable Integer maxRetries;
            private @Nullable Duration idleTimeout;
            private @Nullable H2UpgradePolicy h2UpgradePolicy;
            private boolean useClientProtocol;
            private @Nullable Integer maxConcurrentStreams;

            private Builder() {}

            /** Null when not given. */
            public Builder http1MaxPendingRequests(@Nullable Integer newHttp1MaxPendingRequests) {
                http1MaxPendingRequests = newHttp1MaxPendingRequests;
                return this;
            }

            /** Null when not given. */
            public Builder http2MaxRequests(@Nullable Integer newHttp2MaxRequests) {
                http2MaxRequests = newHttp2MaxRequests;
                return this;
            }

            /** Null when not given. */
            public Builder maxRequestsPerConnection(@Nullable Integer newMaxRequestsPerConnection) {
                maxRequestsPerConnection = newMaxRequestsPerConnection;
                return this;
            }

            /** Null when not given. */
            public Builder maxRetries(@Nullable Integer newMaxRetries) {
                maxRetries = newMaxRetries;
                return this;
            }

            /** Null when not given. */
            public Builder idleTimeout(@Nullable Duration newIdleTimeout) {
                idleTimeout = newIdleTimeout;
                return this;
            }

            /** Null when not given. */
            public Builder h2UpgradePolicy(@Nullable H2UpgradePolicy newH2UpgradePolicy) {
                h2UpgradePolicy = newH2UpgradePolicy;
                return this;
            }

            /** Whether the server is spoken to as the caller speaks. */
            public Builder useClientProtocol(boolean newUseClientProtocol) {
                useClientProtocol = newUseClientProtocol;
                return this;
            }

            /** Null when not given. */
            public Builder maxConcurrentStreams(@Nullable Integer newMaxConcurrentStreams) {
                maxConcurrentStreams = newMaxConcurrentStreams;
                return this;
            }

            /** The settings. */
            public Http build() {
                return new Http(
                        http1MaxPendingRequests,
                        http2MaxRequests,
                        maxRequestsPerConnection,
                        maxRetries,
                        idleTimeout,
                        h2UpgradePolicy,
                        useClientProtocol,
                        maxConcurrentStreams);
            }
        }
    }

    /** Upgrade to HTTP/2. */
    public enum H2UpgradePolicy {
        /** The mesh's default. */
        DEFAULT,
        /** Never. */
        DO_NOT_UPGRADE,
        /** Always. */
        UPGRADE
    }
}
