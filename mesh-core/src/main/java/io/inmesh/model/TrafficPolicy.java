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

    /** Starts a policy in which nothing is given. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts a copy. */
    public Builder toBuilder() {
        return new Builder()
                .loadBalancer(loadBalancer)
                .connectionPool(connectionPool)
                .outlierDetection(outlierDetection)
                .tls(tls)
                .portLevelSettings(portLevelSettings)
                .retryBudget(retryBudget)
                .tunnel(tunnel)
                .proxyProtocol(proxyProtocol);
    }

    /** Collects a policy; not thread-safe. */
    public static final class Builder {
        private @Nullable LoadBalancerSettings loadBalancer;
        private @Nullable ConnectionPoolSettings connectionPool;
        private @Nullable OutlierDetection outlierDetection;
        private @Nullable ClientTlsSettings tls;
        private List<PortTrafficPolicy> portLevelSettings = List.of();
        private @Nullable RetryBudget retryBudget;
        private @Nullable Tunnel tunnel;
        private @Nullable ProxyProtocol proxyProtocol;

        private Builder() {}

        /** Null when not given. */
        public Builder loadBalancer(@Nullable LoadBalancerSettings newLoadBalancer) {
            loadBalancer = newLoadBalancer;
            return this;
        }

        /** Null when not given. */
        public Builder connectionPool(@Nullable ConnectionPoolSettings newConnectionPool) {
            connectionPool = newConnectionPool;
            return this;
        }

        /** Null when not given. */
        public Builder outlierDetection(@Nullable OutlierDetection newOutlierDetection) {
            outlierDetection = newOutlierDetection;
            return this;
        }

        /** Null when not given. */
        public Builder tls(@Nullable ClientTlsSettings newTls) {
            tls = newTls;
            return this;
        }

        /** Replace the whole policy for their port: a block unset there is at its default, not at the destination's value. */
        public Builder portLevelSettings(List<PortTrafficPolicy> newPortLevelSettings) {
            portLevelSettings = newPortLevelSettings;
            return this;
        }

        /** Null when not given. */
        public Builder retryBudget(@Nullable RetryBudget newRetryBudget) {
            retryBudget = newRetryBudget;
            return this;
        }

        /** Null when not given. */
        public Builder tunnel(@Nullable Tunnel newTunnel) {
            tunnel = newTunnel;
            return this;
        }

        /** Null when not given. */
        public Builder proxyProtocol(@Nullable ProxyProtocol newProxyProtocol) {
            proxyProtocol = newProxyProtocol;
            return this;
        }

        /** The policy. */
        public TrafficPolicy build() {
            return new TrafficPolicy(
                    loadBalancer,
                    connectionPool,
                    outlierDetection,
                    tls,
                    portLevelSettings,
                    retryBudget,
                    tunnel,
                    proxyProtocol);
        }
    }
}
