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
            @Nullable Duration idleTimeout) {}

    /** Settings of requests; {@code http2MaxRequests} concerns HTTP/1 too. */
    public record Http(
            @Nullable Integer http1MaxPendingRequests,
            @Nullable Integer http2MaxRequests,
            @Nullable Integer maxRequestsPerConnection,
            @Nullable Integer maxRetries,
            @Nullable Duration idleTimeout,
            @Nullable H2UpgradePolicy h2UpgradePolicy,
            boolean useClientProtocol,
            @Nullable Integer maxConcurrentStreams) {}

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
