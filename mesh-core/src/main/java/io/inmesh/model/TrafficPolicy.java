package io.inmesh.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a destination is called (Istio: TrafficPolicy). Null blocks are not given.
 *
 * @param portLevelSettings replace the whole policy for their port: a block unset there is at its default, not at the
 *     destination's value
 */
public record TrafficPolicy(
        @Nullable LoadBalancerSettings loadBalancer,
        @Nullable ConnectionPoolSettings connectionPool,
        @Nullable OutlierDetection outlierDetection,
        @Nullable ClientTlsSettings tls,
        List<PortTrafficPolicy> portLevelSettings,
        @Nullable RetryBudget retryBudget) {
    /** Copies the list. */
    public TrafficPolicy {
        portLevelSettings = List.copyOf(portLevelSettings);
    }

    /**
     * Policy of one port.
     *
     * @param port 1 to 65535
     */
    public record PortTrafficPolicy(
            int port,
            @Nullable LoadBalancerSettings loadBalancer,
            @Nullable ConnectionPoolSettings connectionPool,
            @Nullable OutlierDetection outlierDetection,
            @Nullable ClientTlsSettings tls) {}

    /**
     * Limit on concurrent retries.
     *
     * @param percent of active requests; null means 20
     * @param minRetryConcurrency null means 3
     */
    public record RetryBudget(
            @Nullable Double percent, @Nullable Integer minRetryConcurrency) {}
}
