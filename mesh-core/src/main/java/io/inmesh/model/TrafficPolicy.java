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
        @Nullable RetryBudget retryBudget,
        @Nullable Tunnel tunnel,
        @Nullable ProxyProtocol proxyProtocol) {
    /** Copies the list. */
    public TrafficPolicy {
        portLevelSettings = List.copyOf(portLevelSettings);
    }

    /** A policy without tunnel and proxy protocol. */
    public TrafficPolicy(
            @Nullable LoadBalancerSettings loadBalancer,
            @Nullable ConnectionPoolSettings connectionPool,
            @Nullable OutlierDetection outlierDetection,
            @Nullable ClientTlsSettings tls,
            List<PortTrafficPolicy> portLevelSettings,
            @Nullable RetryBudget retryBudget) {
        this(loadBalancer, connectionPool, outlierDetection, tls, portLevelSettings, retryBudget, null, null);
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
     * A proxy through which the server is reached.
     *
     * @param protocol {@code CONNECT} or {@code POST}
     * @param targetPort 1 to 65535
     */
    public record Tunnel(String protocol, String targetHost, int targetPort) {}

    /** Version of the PROXY protocol's header in front of a connection. */
    public enum ProxyProtocol {
        /** As text. */
        V1,
        /** As bytes. */
        V2
    }

    /**
     * Limit on concurrent retries.
     *
     * @param percent of active requests; null means 20
     * @param minRetryConcurrency null means 3
     */
    public record RetryBudget(
            @Nullable Double percent, @Nullable Integer minRetryConcurrency) {}
}
