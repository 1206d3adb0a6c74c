package io.inmesh.internal.istio;

import io.inmesh.internal.text.Message;
import io.inmesh.internal.text.Message.Value;
import io.inmesh.model.ClientTlsSettings;
import io.inmesh.model.ConnectionPoolSettings;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.LoadBalancerSettings;
import io.inmesh.model.LoadBalancerSettings.ConsistentHash;
import io.inmesh.model.LoadBalancerSettings.Distribute;
import io.inmesh.model.LoadBalancerSettings.Failover;
import io.inmesh.model.LoadBalancerSettings.HttpCookie;
import io.inmesh.model.LoadBalancerSettings.LocalityLbSetting;
import io.inmesh.model.LoadBalancerSettings.Simple;
import io.inmesh.model.LoadBalancerSettings.Warmup;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.OutlierDetection;
import io.inmesh.model.Subset;
import io.inmesh.model.TrafficPolicy;
import io.inmesh.model.TrafficPolicy.PortTrafficPolicy;
import io.inmesh.model.TrafficPolicy.ProxyProtocol;
import io.inmesh.model.TrafficPolicy.RetryBudget;
import io.inmesh.model.TrafficPolicy.Tunnel;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns a DestinationRule that passed {@link DestinationRuleRules} into its record. */
final class DestinationRuleRecords {
    private DestinationRuleRecords() {}

    static DestinationRule destinationRule(ObjectMeta meta, Message spec) {
        Message selector = spec.message("workloadSelector");
        return new DestinationRule(
                meta,
                spec.string("host"),
                trafficPolicy(spec.message("trafficPolicy")),
                spec.messages("subsets").stream()
                        .map(DestinationRuleRecords::subset)
                        .toList(),
                spec.strings("exportTo"),
                selector == null ? null : selector.stringMap("matchLabels"));
    }

    private static Subset subset(Message subset) {
        return new Subset(
                subset.string("name"),
                subset.stringMap("labels"),
                trafficPolicy(subset.message("trafficPolicy")),
                subset.place().origin());
    }

    private static @Nullable TrafficPolicy trafficPolicy(@Nullable Message policy) {
        if (policy == null) {
            return null;
        }
        Message budget = policy.message("retryBudget");
        return new TrafficPolicy(
                loadBalancer(policy.message("loadBalancer")),
                connectionPool(policy.message("connectionPool")),
                outlierDetection(policy.message("outlierDetection")),
                tls(policy.message("tls")),
                policy.messages("portLevelSettings").stream()
                        .map(DestinationRuleRecords::portPolicy)
                        .toList(),
                budget == null
                        ? null
                        : new RetryBudget(budget.doubleOrNull("percent"), budget.integerOrNull("minRetryConcurrency")),
                tunnel(policy.message("tunnel")),
                proxyProtocol(policy.message("proxyProtocol")));
    }

    private static @Nullable Tunnel tunnel(@Nullable Message tunnel) {
        if (tunnel == null) {
            return null;
        }
        String protocol = tunnel.string("protocol");
        return new Tunnel(
                protocol.isEmpty() ? "CONNECT" : protocol, tunnel.string("targetHost"), tunnel.integer("targetPort"));
    }

    private static @Nullable ProxyProtocol proxyProtocol(@Nullable Message protocol) {
        if (protocol == null) {
            return null;
        }
        String version = protocol.stringOrNull("version");
        return version == null ? ProxyProtocol.V1 : ProxyProtocol.valueOf(version);
    }

    private static PortTrafficPolicy portPolicy(Message policy) {
        Message port = policy.message("port");
        return new PortTrafficPolicy(
                port == null ? 0 : port.integer("number"),
                loadBalancer(policy.message("loadBalancer")),
                connectionPool(policy.message("connectionPool")),
                outlierDetection(policy.message("outlierDetection")),
                tls(policy.message("tls")));
    }

    private static @Nullable LoadBalancerSettings loadBalancer(@Nullable Message settings) {
        if (settings == null) {
            return null;
        }
        String simple = settings.stringOrNull("simple");
        ConsistentHash hash = consistentHash(settings.message("consistentHash"));
        return new LoadBalancerSettings(
                simple == null || hash != null ? null : Simple.valueOf(simple),
                hash,
                locality(settings.message("localityLbSetting")),
                warmup(settings));
    }

    private static @Nullable ConsistentHash consistentHash(@Nullable Message hash) {
        if (hash == null) {
            return null;
        }
        Message ring = hash.message("ringHash");
        Message maglev = hash.message("maglev");
        Message cookie = hash.message("httpCookie");
        return new ConsistentHash(
                hash.stringOrNull("httpHeaderName"),
                cookie == null
                        ? null
                        : new HttpCookie(cookie.string("name"), cookie.stringOrNull("path"), cookie.duration("ttl")),
                hash.bool("useSourceIp"),
                hash.stringOrNull("httpQueryParameterName"),
                ring == null ? hash.numberOrNull("minimumRingSize") : ring.numberOrNull("minimumRingSize"),
                maglev == null ? null : maglev.numberOrNull("tableSize"));
    }

    private static @Nullable LocalityLbSetting locality(@Nullable Message setting) {
        if (setting == null) {
            return null;
        }
        List<Distribute> distribute = setting.messages("distribute").stream()
                .map(one -> new Distribute(one.string("from"), weights(one.map("to"))))
                .toList();
        List<Failover> failover = setting.messages("failover").stream()
                .map(one -> new Failover(one.string("from"), one.string("to")))
                .toList();
        return new LocalityLbSetting(
                setting.boolOrNull("enabled"), distribute, failover, setting.strings("failoverPriority"));
    }

    private static Map<String, Integer> weights(Map<String, Value> to) {
        Map<String, Integer> weights = new LinkedHashMap<>();
        to.forEach((locality, weight) -> weights.put(locality, (int) weight.number()));
        return weights;
    }

    private static @Nullable Warmup warmup(Message settings) {
        Message warmup = settings.message("warmup");
        if (warmup == null) {
            Duration seconds = settings.duration("warmupDurationSecs");
            return seconds == null ? null : new Warmup(seconds, null, null);
        }
        Duration duration = warmup.duration("duration");
        return duration == null
                ? null
                : new Warmup(duration, warmup.doubleOrNull("minimumPercent"), warmup.doubleOrNull("aggression"));
    }

    private static @Nullable ConnectionPoolSettings connectionPool(@Nullable Message pool) {
        if (pool == null) {
            return null;
        }
        Message tcp = pool.message("tcp");
        Message http = pool.message("http");
        return new ConnectionPoolSettings(
                tcp == null
                        ? null
                        : new ConnectionPoolSettings.Tcp(
                                tcp.integerOrNull("maxConnections"),
                                tcp.duration("connectTimeout"),
                                tcp.duration("maxConnectionDuration"),
                                tcp.duration("idleTimeout")),
                http == null ? null : http(http));
    }

    private static ConnectionPoolSettings.Http http(Message http) {
        String upgrade = http.stringOrNull("h2UpgradePolicy");
        return new ConnectionPoolSettings.Http(
                http.integerOrNull("http1MaxPendingRequests"),
                http.integerOrNull("http2MaxRequests"),
                http.integerOrNull("maxRequestsPerConnection"),
                http.integerOrNull("maxRetries"),
                http.duration("idleTimeout"),
                upgrade == null ? null : ConnectionPoolSettings.H2UpgradePolicy.valueOf(upgrade),
                http.bool("useClientProtocol"),
                http.integerOrNull("maxConcurrentStreams"));
    }

    private static @Nullable OutlierDetection outlierDetection(@Nullable Message outlier) {
        if (outlier == null) {
            return null;
        }
        return new OutlierDetection(
                outlier.bool("splitExternalLocalOriginErrors"),
                outlier.integerOrNull("consecutiveLocalOriginFailures"),
                outlier.integerOrNull("consecutiveGatewayErrors"),
                outlier.integerOrNull("consecutive5xxErrors"),
                outlier.duration("interval"),
                outlier.duration("baseEjectionTime"),
                outlier.integer("maxEjectionPercent"),
                outlier.integer("minHealthPercent"));
    }

    private static @Nullable ClientTlsSettings tls(@Nullable Message tls) {
        if (tls == null) {
            return null;
        }
        String mode = tls.stringOrNull("mode");
        return new ClientTlsSettings(
                mode == null ? ClientTlsSettings.Mode.DISABLE : ClientTlsSettings.Mode.valueOf(mode),
                tls.stringOrNull("clientCertificate"),
                tls.stringOrNull("privateKey"),
                tls.stringOrNull("caCertificates"),
                tls.stringOrNull("credentialName"),
                tls.strings("subjectAltNames"),
                tls.stringOrNull("sni"),
                tls.boolOrNull("insecureSkipVerify"));
    }
}
