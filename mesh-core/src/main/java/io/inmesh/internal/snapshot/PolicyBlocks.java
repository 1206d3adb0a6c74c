package io.inmesh.internal.snapshot;

import io.inmesh.explain.Explanation.PolicyBlock;
import io.inmesh.internal.cluster.ClusterPolicy;
import io.inmesh.internal.cluster.LimitSettings;
import io.inmesh.model.ClientTlsSettings;
import io.inmesh.model.ConnectionPoolSettings;
import io.inmesh.model.LoadBalancerSettings;
import io.inmesh.model.LoadBalancerSettings.ConsistentHash;
import io.inmesh.model.LoadBalancerSettings.LocalityLbSetting;
import io.inmesh.model.LoadBalancerSettings.Simple;
import io.inmesh.model.OutlierDetection;
import io.inmesh.model.TrafficPolicy.RetryBudget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ClusterPolicy} says, block by block, as explain tells it. {@code inForce} is
 * null for a block without effect.
 */
final class PolicyBlocks {
    private PolicyBlocks() {}

    /**
     * The blocks that say something or are in force, in Istio's order.
     *
     * @param balancer in force, null when calls are not sent
     * @param http2 whether HTTP/2 is spoken to the destination also without TLS
     */
    static List<PolicyBlock> of(ClusterPolicy policy, @Nullable String balancer, boolean http2) {
        List<PolicyBlock> blocks = new ArrayList<>();
        blocks.add(new PolicyBlock("loadBalancer", loadBalancer(policy), balancer));
        ConnectionPoolSettings pool = policy.connectionPool();
        if (pool != null) {
            blocks.add(new PolicyBlock("connectionPool", connectionPool(pool), poolInForce(pool, balancer, http2)));
        }
        if (policy.outlierDetection() != null) {
            blocks.add(new PolicyBlock(
                    "outlierDetection",
                    outlierDetection(policy.outlierDetection()),
                    isBalanced(balancer) ? policy.ejections() : null));
        }
        ClientTlsSettings tls = policy.tls();
        if (tls != null) {
            // Any other mode refuses the call, or is not read where the mesh is told to go without.
            blocks.add(new PolicyBlock(
                    "tls", tls(tls), tls.mode() == ClientTlsSettings.Mode.DISABLE ? "as the URL says" : null));
        }
        if (policy.retryBudget() != null) {
            blocks.add(new PolicyBlock(
                    "retryBudget",
                    retryBudget(policy.retryBudget()),
                    isBalanced(balancer) ? budgetInForce(policy.retryBudget()) : null));
        }
        return blocks;
    }

    private static Map<String, String> loadBalancer(ClusterPolicy policy) {
        Fields fields = new Fields();
        LoadBalancerSettings settings = policy.loadBalancer();
        if (settings.equals(ClusterPolicy.DEFAULT.loadBalancer())) {
            return fields.given;
        }
        fields.put("simple", settings.simple());
        ConsistentHash hash = settings.consistentHash();
        if (hash != null) {
            fields.put("consistentHash.httpHeaderName", hash.httpHeaderName());
            if (hash.httpCookie() != null) {
                fields.put("consistentHash.httpCookie.name", hash.httpCookie().name());
                fields.put("consistentHash.httpCookie.path", hash.httpCookie().path());
                fields.put("consistentHash.httpCookie.ttl", hash.httpCookie().ttl());
            }
            fields.putIf("consistentHash.useSourceIp", hash.useSourceIp());
            fields.put("consistentHash.httpQueryParameterName", hash.httpQueryParameterName());
            fields.put("consistentHash.minimumRingSize", hash.minimumRingSize());
            fields.put("consistentHash.maglev.tableSize", hash.maglevTableSize());
        }
        LocalityLbSetting locality = settings.localityLbSetting();
        if (locality != null) {
            fields.put("localityLbSetting.enabled", locality.enabled());
            locality.distribute()
                    .forEach(one -> fields.put("localityLbSetting.distribute[" + one.from() + "]", one.to()));
            locality.failover().forEach(one -> fields.put("localityLbSetting.failover[" + one.from() + "]", one.to()));
            fields.putIf(
                    "localityLbSetting.failoverPriority",
                    locality.failoverPriority(),
                    !locality.failoverPriority().isEmpty());
        }
        if (settings.warmup() != null) {
            fields.put("warmup.duration", settings.warmup().duration());
            fields.put("warmup.minimumPercent", settings.warmup().minimumPercent());
            fields.put("warmup.aggression", settings.warmup().aggression());
        }
        return fields.given;
    }

    private static Map<String, String> connectionPool(ConnectionPoolSettings pool) {
        Fields fields = new Fields();
        ConnectionPoolSettings.Tcp tcp = pool.tcp();
        if (tcp != null) {
            fields.put("tcp.maxConnections", tcp.maxConnections());
            fields.put("tcp.connectTimeout", tcp.connectTimeout());
            fields.put("tcp.maxConnectionDuration", tcp.maxConnectionDuration());
            fields.put("tcp.idleTimeout", tcp.idleTimeout());
            ConnectionPoolSettings.TcpKeepalive keepalive = tcp.tcpKeepalive();
            if (keepalive != null) {
                fields.put("tcp.tcpKeepalive.probes", keepalive.probes());
                fields.put("tcp.tcpKeepalive.time", keepalive.time());
                fields.put("tcp.tcpKeepalive.interval", keepalive.interval());
            }
        }
        ConnectionPoolSettings.Http http = pool.http();
        if (http != null) {
            fields.put("http.http1MaxPendingRequests", http.http1MaxPendingRequests());
            fields.put("http.http2MaxRequests", http.http2MaxRequests());
            fields.put("http.maxRequestsPerConnection", http.maxRequestsPerConnection());
            fields.put("http.maxRetries", http.maxRetries());
            fields.put("http.idleTimeout", http.idleTimeout());
            fields.put("http.h2UpgradePolicy", http.h2UpgradePolicy());
            fields.putIf("http.useClientProtocol", http.useClientProtocol());
            fields.put("http.maxConcurrentStreams", http.maxConcurrentStreams());
        }
        return fields.given;
    }

    /** Whether calls go to a cluster, which counts them: those to the address of the request do not. */
    private static boolean isBalanced(@Nullable String balancer) {
        return balancer != null && !balancer.equals(Simple.PASSTHROUGH.name());
    }

    /** The fields that have an effect, null when none has. */
    private static @Nullable String poolInForce(ConnectionPoolSettings pool, @Nullable String balancer, boolean http2) {
        Fields fields = new Fields();
        ConnectionPoolSettings.Http http = pool.http();
        if (http != null && (http.h2UpgradePolicy() != null || http.useClientProtocol())) {
            fields.put(http2 ? "HTTP/2" : "the client's protocol", "");
        }
        ConnectionPoolSettings.Tcp tcp = pool.tcp();
        boolean limited = isBalanced(balancer);
        boolean waits = limited && !http2 && tcp != null && isLimit(tcp.maxConnections());
        if (tcp != null && balancer != null) {
            fields.putIf("tcp.maxConnections", "", waits);
            fields.putIf("tcp.connectTimeout", "", isLimit(tcp.connectTimeout()));
            fields.putIf("tcp.maxConnectionDuration", "", isLimit(tcp.maxConnectionDuration()));
            fields.putIf(
                    "tcp.idleTimeout", "", isLimit(tcp.idleTimeout()) && (http == null || http.idleTimeout() == null));
            fields.putIf("tcp.tcpKeepalive", "", tcp.tcpKeepalive() != null);
        }
        if (http != null && balancer != null) {
            fields.putIf("http.http1MaxPendingRequests", "", waits && isLimit(http.http1MaxPendingRequests()));
            fields.putIf("http.http2MaxRequests", "", limited && isLimit(http.http2MaxRequests()));
            fields.putIf("http.maxRequestsPerConnection", "", isLimit(http.maxRequestsPerConnection()));
            fields.putIf("http.maxRetries", "", limited && isLimit(http.maxRetries()));
            fields.putIf("http.idleTimeout", "", isLimit(http.idleTimeout()));
        }
        return fields.given.isEmpty() ? null : String.join(", ", fields.given.keySet());
    }

    private static boolean isLimit(@Nullable Integer value) {
        return value != null && value != 0;
    }

    private static boolean isLimit(@Nullable Duration value) {
        return value != null && !value.isZero();
    }

    private static String budgetInForce(RetryBudget budget) {
        LimitSettings.Budget limits = LimitSettings.Budget.of(budget);
        return limits.percent() + " % of requests in flight or waiting, at least " + limits.minConcurrency();
    }

    private static Map<String, String> outlierDetection(OutlierDetection detection) {
        Fields fields = new Fields();
        fields.putIf("splitExternalLocalOriginErrors", detection.splitExternalLocalOriginErrors());
        fields.put("consecutiveLocalOriginFailures", detection.consecutiveLocalOriginFailures());
        fields.put("consecutiveGatewayErrors", detection.consecutiveGatewayErrors());
        fields.put("consecutive5xxErrors", detection.consecutive5xxErrors());
        fields.put("interval", detection.interval());
        fields.put("baseEjectionTime", detection.baseEjectionTime());
        fields.putIf("maxEjectionPercent", detection.maxEjectionPercent(), detection.maxEjectionPercent() != 0);
        fields.putIf("minHealthPercent", detection.minHealthPercent(), detection.minHealthPercent() != 0);
        fields.putIf(
                "outlierDetectionHttpErrorCodes",
                detection.httpErrorCodes(),
                !detection.httpErrorCodes().isEmpty());
        return fields.given;
    }

    private static Map<String, String> tls(ClientTlsSettings tls) {
        Fields fields = new Fields();
        fields.put("mode", tls.mode());
        fields.put("clientCertificate", tls.clientCertificate());
        fields.put("privateKey", tls.privateKey());
        fields.put("caCertificates", tls.caCertificates());
        fields.put("credentialName", tls.credentialName());
        fields.putIf(
                "subjectAltNames", tls.subjectAltNames(), !tls.subjectAltNames().isEmpty());
        fields.put("sni", tls.sni());
        fields.put("insecureSkipVerify", tls.insecureSkipVerify());
        return fields.given;
    }

    private static Map<String, String> retryBudget(RetryBudget budget) {
        Fields fields = new Fields();
        fields.put("percent", budget.percent());
        fields.put("minRetryConcurrency", budget.minRetryConcurrency());
        return fields.given;
    }

    /** Fields that are given, in order, as text. */
    private static final class Fields {
        private final Map<String, String> given = new LinkedHashMap<>();

        void put(String path, @Nullable Object value) {
            if (value instanceof Duration duration) {
                given.put(path, duration.toMillis() + "ms");
            } else if (value != null) {
                given.put(path, value.toString());
            }
        }

        void putIf(String path, boolean value) {
            putIf(path, value, value);
        }

        void putIf(String path, Object value, boolean isGiven) {
            put(path, isGiven ? value : null);
        }
    }
}
