package io.inmesh.internal.istio;

import io.inmesh.internal.text.MessageType;
import io.inmesh.internal.text.MessageType.Kind;

/** Messages of DestinationRule, after networking/v1alpha3/destination_rule.proto of Istio's API. */
final class DestinationRuleTypes {
    private static final MessageType LOCALITY_FAILOVER = MessageType.of("LocalityLoadBalancerSetting.Failover")
            .string("from")
            .string("to")
            .build();

    private static final MessageType LOCALITY_LB = MessageType.of("LocalityLoadBalancerSetting")
            .messages(
                    "distribute",
                    MessageType.of("LocalityLoadBalancerSetting.Distribute")
                            .string("from")
                            .valueMap("to", Kind.UINT32)
                            .build())
            .messages("failover", LOCALITY_FAILOVER)
            .strings("failoverPriority")
            .bool("enabled")
            .build();

    private static final MessageType ZONE_AWARE_LB = MessageType.of("ZoneAwareLoadBalancerSetting")
            .bool("enabled")
            .messages("failover", LOCALITY_FAILOVER)
            .strings("failoverPriority")
            .value("minClusterSize", Kind.UINT32)
            .build();

    private static final MessageType HTTP_COOKIE = MessageType.of("ConsistentHashLB.HTTPCookie")
            .string("name")
            .string("path")
            .duration("ttl")
            .messages(
                    "attributes",
                    MessageType.of("ConsistentHashLB.HTTPCookie.Attribute")
                            .string("name")
                            .string("value")
                            .build())
            .build();

    private static final MessageType CONSISTENT_HASH = MessageType.of("ConsistentHashLB")
            .string("httpHeaderName")
            .message("httpCookie", HTTP_COOKIE)
            .bool("useSourceIp")
            .string("httpQueryParameterName")
            .message(
                    "ringHash",
                    MessageType.of("ConsistentHashLB.RingHash")
                            .value("minimumRingSize", Kind.UINT64)
                            .build())
            .message(
                    "maglev",
                    MessageType.of("ConsistentHashLB.MagLev")
                            .value("tableSize", Kind.UINT64)
                            .build())
            .value("minimumRingSize", Kind.UINT64)
            .build();

    private static final MessageType LOAD_BALANCER = MessageType.of("LoadBalancerSettings")
            .choice("simple", "UNSPECIFIED", "LEAST_CONN", "RANDOM", "PASSTHROUGH", "ROUND_ROBIN", "LEAST_REQUEST")
            .message("consistentHash", CONSISTENT_HASH)
            .message(
                    "backendUtilization",
                    MessageType.of("LoadBalancerSettings.BackendUtilization")
                            .value("errorUtilizationPenaltyPercent", Kind.UINT32)
                            .strings("metricNamesForComputingUtilization")
                            .duration("weightExpirationPeriod")
                            .duration("weightStabilizationPeriod")
                            .duration("weightUpdatePeriod")
                            .build())
            .message("localityLbSetting", LOCALITY_LB)
            .message("zoneAwareLbSetting", ZONE_AWARE_LB)
            .duration("warmupDurationSecs")
            .message(
                    "warmup",
                    MessageType.of("WarmupConfiguration")
                            .duration("duration")
                            .value("minimumPercent", Kind.DOUBLE)
                            .value("aggression", Kind.DOUBLE)
                            .build())
            .build();

    private static final MessageType TCP_SETTINGS = MessageType.of("ConnectionPoolSettings.TCPSettings")
            .value("maxConnections", Kind.INT32)
            .duration("connectTimeout")
            .message(
                    "tcpKeepalive",
                    MessageType.of("ConnectionPoolSettings.TCPSettings.TcpKeepalive")
                            .value("probes", Kind.UINT32)
                            .duration("time")
                            .duration("interval")
                            .build())
            .duration("maxConnectionDuration")
            .duration("idleTimeout")
            .build();

    private static final MessageType HTTP_SETTINGS = MessageType.of("ConnectionPoolSettings.HTTPSettings")
            .value("http1MaxPendingRequests", Kind.INT32)
            .value("http2MaxRequests", Kind.INT32)
            .value("maxRequestsPerConnection", Kind.INT32)
            .value("maxRetries", Kind.INT32)
            .duration("idleTimeout")
            .choice("h2UpgradePolicy", "DEFAULT", "DO_NOT_UPGRADE", "UPGRADE")
            .bool("useClientProtocol")
            .value("maxConcurrentStreams", Kind.INT32)
            .message(
                    "http2KeepAlive",
                    MessageType.of("ConnectionPoolSettings.HTTPSettings.Http2KeepAlive")
                            .duration("interval")
                            .duration("timeout")
                            .build())
            .build();

    private static final MessageType CONNECTION_POOL = MessageType.of("ConnectionPoolSettings")
            .message("tcp", TCP_SETTINGS)
            .message("http", HTTP_SETTINGS)
            .build();

    private static final MessageType OUTLIER_DETECTION = MessageType.of("OutlierDetection")
            .value("consecutiveErrors", Kind.INT32)
            .bool("splitExternalLocalOriginErrors")
            .value("consecutiveLocalOriginFailures", Kind.UINT32)
            .value("consecutiveGatewayErrors", Kind.UINT32)
            .value("consecutive5xxErrors", Kind.UINT32)
            .duration("interval")
            .duration("baseEjectionTime")
            .value("maxEjectionPercent", Kind.INT32, 0, 100)
            .value("minHealthPercent", Kind.INT32, 0, 100)
            .values("outlierDetectionHttpErrorCodes", Kind.UINT32, 100, 599)
            .build();

    private static final MessageType TLS = MessageType.of("ClientTLSSettings")
            .choice("mode", "DISABLE", "SIMPLE", "MUTUAL", "ISTIO_MUTUAL")
            .string("clientCertificate")
            .string("privateKey")
            .string("caCertificates")
            .string("credentialName")
            .strings("subjectAltNames")
            .string("sni")
            .bool("insecureSkipVerify")
            .string("caCrl")
            .build();

    private static final MessageType PORT_TRAFFIC_POLICY = MessageType.of("TrafficPolicy.PortTrafficPolicy")
            .message("port", VirtualServiceTypes.PORT_SELECTOR)
            .message("loadBalancer", LOAD_BALANCER)
            .message("connectionPool", CONNECTION_POOL)
            .message("outlierDetection", OUTLIER_DETECTION)
            .message("tls", TLS)
            .build();

    private static final MessageType TRAFFIC_POLICY = MessageType.of("TrafficPolicy")
            .message("loadBalancer", LOAD_BALANCER)
            .message("connectionPool", CONNECTION_POOL)
            .message("outlierDetection", OUTLIER_DETECTION)
            .message("tls", TLS)
            .messages("portLevelSettings", PORT_TRAFFIC_POLICY)
            .message(
                    "tunnel",
                    MessageType.of("TrafficPolicy.TunnelSettings")
                            .string("protocol")
                            .string("targetHost")
                            .value("targetPort", Kind.UINT32)
                            .build())
            .message(
                    "proxyProtocol",
                    MessageType.of("TrafficPolicy.ProxyProtocol")
                            .choice("version", "V1", "V2")
                            .build())
            .message(
                    "retryBudget",
                    MessageType.of("TrafficPolicy.RetryBudget")
                            .value("percent", Kind.DOUBLE)
                            .value("minRetryConcurrency", Kind.UINT32)
                            .duration("budgetInterval")
                            .build())
            .build();

    static final MessageType DESTINATION_RULE = MessageType.of("DestinationRule")
            .string("host")
            .message("trafficPolicy", TRAFFIC_POLICY)
            .messages(
                    "subsets",
                    MessageType.of("Subset")
                            .string("name")
                            .stringMap("labels")
                            .message("trafficPolicy", TRAFFIC_POLICY)
                            .build())
            .strings("exportTo")
            .message(
                    "workloadSelector",
                    MessageType.of("WorkloadSelector").stringMap("matchLabels").build())
            .build();

    private DestinationRuleTypes() {}
}
