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
        return DestinationRule.builder(meta, spec.string("host"))
                .trafficPolicy(trafficPolicy(spec.message("trafficPolicy")))
                .subsets(spec.messages("subsets").stream()
                        .map(DestinationRuleRecords::subset)
                        .toList())
                .exportTo(spec.strings("exportTo"))
                .workloadSelector(selector == null ? null : selector.stringMap("matchLabels"))
                .extras(DestinationAnnotations.extras(meta))
                .build();
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
        return TrafficPolicy.builder()
                .loadBalancer(loadBalancer(policy.message("loadBalancer")))
                .connectionPool(connectionPool(policy.message("connectionPool")))
                .outlierDetection(outlierDetection(policy.message("outlierDetection")))
                .tls(tls(policy.message("tls")))
                .portLevelSettings(policy.messages("portLevelSettings").stream()
                        .map(DestinationRuleRecords::portPolicy)
                        .toList())
                .retryBudget(
                        budget == null
                                ? null
                                : new RetryBudget(
                                        budget.doubleOrNull("percent"), budget.integerOrNull("minRetryConcurrency")))
                .tunnel(tunnel(policy.message("tunnel")))
                .proxyProtocol(proxyProtocol(policy.message("proxyProtocol")))
                .build();
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
        return ConsistentHash.builder()
                .httpHeaderName(hash.stringOrNull("httpHeaderName"))
                .httpCookie(
                        cookie == null
                                ? null
                                : new HttpCookie(
                                        cookie.string("name"), cookie.stringOrNull("path"), cookie.duration("ttl")))
                .useSourceIp(hash.bool("useSourceIp"))
                .httpQueryParameterName(hash.stringOrNull("httpQueryParameterName"))
                .minimumRingSize(
                        ring == null ? hash.numberOrNull("minimumRingSize") : ring.numberOrNull("minimumRingSize"))
                .maglevTableSize(maglev == null ? null : maglev.numberOrNull("tableSize"))
                .build();
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
                                tcp.duration("idleTimeout"),
                                keepalive(tcp.message("tcpKeepalive"))),
                http == null ? null : http(http));
    }

    private static ConnectionPoolSettings.@Nullable TcpKeepalive keepalive(@Nullable Message keepalive) {
        return keepalive == null
                ? null
                : new ConnectionPoolSettings.TcpKeepalive(
                        keepalive.integerOrNull("probes"), keepalive.duration("time"), keepalive.duration("interval"));
    }

    private static ConnectionPoolSettings.Http http(Message http) {
        String upgrade = http.stringOrNull("h2UpgradePolicy");
        return ConnectionPoolSettings.Http.builder()
                .http1MaxPendingRequests(http.integerOrNull("http1MaxPendingRequests"))
                .http2MaxRequests(http.integerOrNull("http2MaxRequests"))
                .maxRequestsPerConnection(http.integerOrNull("maxRequestsPerConnection"))
                .maxRetries(http.integerOrNull("maxRetries"))
                .idleTimeout(http.duration("idleTimeout"))
                .h2UpgradePolicy(upgrade == null ? null : ConnectionPoolSettings.H2UpgradePolicy.valueOf(upgrade))
                .useClientProtocol(http.bool("useClientProtocol"))
                .maxConcurrentStreams(http.integerOrNull("maxConcurrentStreams"))
                .build();
    }

    private static @Nullable OutlierDetection outlierDetection(@Nullable Message outlier) {
        if (outlier == null) {
            return null;
        }
        return OutlierDetection.builder()
                .splitExternalLocalOriginErrors(outlier.bool("splitExternalLocalOriginErrors"))
                .consecutiveLocalOriginFailures(outlier.integerOrNull("consecutiveLocalOriginFailures"))
                .consecutiveGatewayErrors(outlier.integerOrNull("consecutiveGatewayErrors"))
                .consecutive5xxErrors(outlier.integerOrNull("consecutive5xxErrors"))
                .interval(outlier.duration("interval"))
                .baseEjectionTime(outlier.duration("baseEjectionTime"))
                .maxEjectionPercent(outlier.integer("maxEjectionPercent"))
                .minHealthPercent(outlier.integer("minHealthPercent"))
                .httpErrorCodes(outlier.list("outlierDetectionHttpErrorCodes").stream()
                        .map(code -> (int) code.number())
                        .toList())
                .build();
    }

    private static @Nullable ClientTlsSettings tls(@Nullable Message tls) {
        if (tls == null) {
            return null;
        }
        String mode = tls.stringOrNull("mode");
        return ClientTlsSettings.builder(
                        mode == null ? ClientTlsSettings.Mode.DISABLE : ClientTlsSettings.Mode.valueOf(mode))
                .clientCertificate(tls.stringOrNull("clientCertificate"))
                .privateKey(tls.stringOrNull("privateKey"))
                .caCertificates(tls.stringOrNull("caCertificates"))
                .credentialName(tls.stringOrNull("credentialName"))
                .subjectAltNames(tls.strings("subjectAltNames"))
                .sni(tls.stringOrNull("sni"))
                .insecureSkipVerify(tls.boolOrNull("insecureSkipVerify"))
                .build();
    }
}
