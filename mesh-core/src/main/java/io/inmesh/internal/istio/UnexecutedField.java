package io.inmesh.internal.istio;

import io.inmesh.config.UnsupportedFields;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The one table of fields that Istio executes and this version of InMesh does not: what is lost without each, and so what
 * happens to a rule that has it where {@link UnsupportedFields#SENSIBLE} holds.
 */
enum UnexecutedField {
    MAX_CONCURRENT_STREAMS(
            RuleKind.DESTINATION_RULE,
            "trafficPolicy.connectionPool.http.maxConcurrentStreams",
            Loss.PROTECTION,
            Effect.SKIPPED,
            "an HTTP/2 connection carries as many requests at a time as its server takes"),
    HTTP2_KEEP_ALIVE(
            RuleKind.DESTINATION_RULE,
            "trafficPolicy.connectionPool.http.http2KeepAlive",
            Loss.PROTECTION,
            Effect.SKIPPED,
            "HTTP/2 connections are pinged as the HTTP client is told to"),
    BUDGET_INTERVAL(
            RuleKind.DESTINATION_RULE,
            "trafficPolicy.retryBudget.budgetInterval",
            Loss.PROTECTION,
            Effect.SKIPPED,
            "the budget is a share of the requests that are in flight at that moment"),
    WARMUP(
            RuleKind.DESTINATION_RULE,
            "trafficPolicy.loadBalancer.warmup",
            Loss.PROTECTION,
            Effect.SKIPPED,
            "new endpoints get their full share at once"),
    WARMUP_DURATION_SECS(
            RuleKind.DESTINATION_RULE,
            "trafficPolicy.loadBalancer.warmupDurationSecs",
            Loss.PROTECTION,
            Effect.SKIPPED,
            "new endpoints get their full share at once"),
    BACKEND_UTILIZATION(
            RuleKind.DESTINATION_RULE,
            "trafficPolicy.loadBalancer.backendUtilization",
            Loss.PROTECTION,
            Effect.SKIPPED,
            "the load that endpoints report does not count"),
    FAILOVER(
            RuleKind.DESTINATION_RULE,
            "trafficPolicy.loadBalancer.localityLbSetting.failover",
            Loss.PROTECTION,
            Effect.SKIPPED,
            "calls go to the endpoints of all places alike"),
    FAILOVER_PRIORITY(
            RuleKind.DESTINATION_RULE,
            "trafficPolicy.loadBalancer.localityLbSetting.failoverPriority",
            Loss.PROTECTION,
            Effect.SKIPPED,
            "calls go to the endpoints of all places alike"),
    ZONE_AWARE(
            RuleKind.DESTINATION_RULE,
            "trafficPolicy.loadBalancer.zoneAwareLbSetting",
            Loss.PROTECTION,
            Effect.SKIPPED,
            "calls go to the endpoints of all places alike"),
    DISTRIBUTE(
            RuleKind.DESTINATION_RULE,
            "trafficPolicy.loadBalancer.localityLbSetting.distribute",
            Loss.PLACE,
            Effect.TOLD,
            "calls go to the endpoints of all places alike, those that it leaves out included"),
    CONSISTENT_HASH(
            RuleKind.DESTINATION_RULE,
            "trafficPolicy.loadBalancer.consistentHash",
            Loss.PLACE,
            Effect.TOLD,
            "calls with one key go to any endpoint"),
    TLS(
            RuleKind.DESTINATION_RULE,
            "trafficPolicy.tls.mode",
            Loss.SECRECY,
            Effect.CALLS_REFUSED,
            "calls go out in plaintext and without a client certificate"),
    PROXY_PROTOCOL(
            RuleKind.DESTINATION_RULE,
            "trafficPolicy.proxyProtocol",
            Loss.IDENTITY,
            Effect.CALLS_REFUSED,
            "the server is not told who calls in the way that it waits for"),
    TUNNEL(
            RuleKind.DESTINATION_RULE,
            "trafficPolicy.tunnel",
            Loss.PLACE,
            Effect.CALLS_REFUSED,
            "calls go to the proxy as if it were the server"),
    CORS_POLICY(
            RuleKind.VIRTUAL_SERVICE,
            "http.corsPolicy",
            Loss.PROTECTION,
            Effect.SKIPPED,
            "the server alone answers what browsers ask"),
    RETRY_REMOTE_LOCALITIES(
            RuleKind.VIRTUAL_SERVICE,
            "http.retries.retryRemoteLocalities",
            Loss.PROTECTION,
            Effect.SKIPPED,
            "retries go to the endpoints of all places alike"),
    HEADER_COMMAND(
            RuleKind.VIRTUAL_SERVICE, "http.headers.*.set", Loss.IDENTITY, Effect.TOLD, "the header is left as it is"),
    GRPC_ABORT(
            RuleKind.VIRTUAL_SERVICE,
            "http.fault.abort.grpcStatus",
            Loss.ANSWER,
            Effect.CALLS_REFUSED,
            "calls that it is to abort reach the server"),
    TLS_ROUTES(
            RuleKind.VIRTUAL_SERVICE,
            "tls",
            Loss.PLACE,
            Effect.TOLD,
            "connections that are not plain HTTP go where they go without the rule"),
    TCP_ROUTES(
            RuleKind.VIRTUAL_SERVICE,
            "tcp",
            Loss.PLACE,
            Effect.TOLD,
            "connections that are not plain HTTP go where they go without the rule"),
    DYNAMIC_DNS(
            RuleKind.SERVICE_ENTRY,
            "resolution",
            Loss.PROTECTION,
            Effect.SKIPPED,
            "the HTTP client resolves the host of the request by itself",
            "write resolution: NONE, which says what happens here, or keep it for proxies that read the rule"),
    UNIX_SOCKET(
            RuleKind.SERVICE_ENTRY,
            "endpoints.address",
            Loss.PLACE,
            Effect.TOLD,
            "the endpoint gets no calls",
            "give an IP address and ports, or remove the endpoint"),
    NETWORK_GATEWAY(
            RuleKind.SERVICE_ENTRY,
            "endpoints.network` without `address",
            Loss.PLACE,
            Effect.TOLD,
            "the endpoint gets no calls",
            "give the endpoint's own address, or remove the endpoint"),
    NETWORK(
            RuleKind.SERVICE_ENTRY,
            "endpoints.network",
            Loss.PLACE,
            Effect.SKIPPED,
            "the endpoint is called at its own address and not through the gateway of its network"),
    SUBJECT_ALT_NAMES(
            RuleKind.SERVICE_ENTRY,
            "subjectAltNames",
            Loss.SECRECY,
            Effect.SKIPPED,
            "certificates of servers are checked for the host of the URL alone"),
    TRAFFIC_DISTRIBUTION(
            RuleKind.SERVICE_ENTRY,
            "metadata.annotations[" + NotExecuted.TRAFFIC_DISTRIBUTION + "]",
            Loss.PROTECTION,
            Effect.SKIPPED,
            "calls go to the endpoints of all places alike"),
    STREAM_PROTOCOL(
            RuleKind.GATEWAY,
            "servers.port.protocol",
            Loss.PLACE,
            Effect.TOLD,
            "the server takes no connections; HTTP, HTTPS, HTTP2, GRPC and GRPC-WEB are taken"),
    SERVER_TLS_MODE(
            RuleKind.GATEWAY,
            "servers.tls.mode",
            Loss.PLACE,
            Effect.TOLD,
            "the server takes no requests; those of modes SIMPLE, MUTUAL and OPTIONAL_MUTUAL do",
            "write one of these modes, or remove the server"),
    BIND(
            RuleKind.GATEWAY,
            "servers.bind",
            Loss.ACCESS,
            Effect.REQUESTS_REFUSED,
            "requests come in at every address that the container listens on"),
    CA_CRL(
            RuleKind.GATEWAY,
            "servers.tls.caCrl",
            Loss.ACCESS,
            Effect.REQUESTS_REFUSED,
            "clients with a revoked certificate are let in"),
    CLIENT_NAMES(
            RuleKind.GATEWAY,
            "servers.tls.subjectAltNames",
            Loss.ACCESS,
            Effect.REQUESTS_REFUSED,
            "clients with a certificate of any other name are let in"),
    CERTIFICATE_SPKI(
            RuleKind.GATEWAY,
            "servers.tls.verifyCertificateSpki",
            Loss.ACCESS,
            Effect.REQUESTS_REFUSED,
            "clients with any other key are let in"),
    CERTIFICATE_HASH(
            RuleKind.GATEWAY,
            "servers.tls.verifyCertificateHash",
            Loss.ACCESS,
            Effect.REQUESTS_REFUSED,
            "clients with any other certificate are let in"),
    CREDENTIAL_NAMES(
            RuleKind.GATEWAY,
            "servers.tls.credentialNames",
            Loss.IDENTITY,
            Effect.TOLD,
            "the container's own certificate is shown"),
    TLS_CERTIFICATES(
            RuleKind.GATEWAY,
            "servers.tls.tlsCertificates",
            Loss.IDENTITY,
            Effect.TOLD,
            "the container's own certificate is shown"),
    CA_CREDENTIAL_NAME(
            RuleKind.GATEWAY,
            "servers.tls.caCertCredentialName",
            Loss.ACCESS,
            Effect.TOLD,
            "the container's own authorities decide about certificates of clients"),
    ECDH_CURVES(
            RuleKind.GATEWAY,
            "servers.tls.ecdhCurves",
            Loss.PROTECTION,
            Effect.SKIPPED,
            "the container's own curves are used"),
    SERVER_SKIP_VERIFY(
            RuleKind.GATEWAY,
            "servers.tls.insecureSkipVerify",
            Loss.ACCESS,
            Effect.TOLD,
            "clients whose certificate cannot be verified are refused"),
    POLICY_TARGET(RuleKind.AUTHORIZATION_POLICY, "targetRef", Loss.ACCESS, Effect.TOLD, Words.TARGET),
    POLICY_TARGETS(RuleKind.AUTHORIZATION_POLICY, "targetRefs", Loss.ACCESS, Effect.TOLD, Words.TARGET),
    CUSTOM(
            RuleKind.AUTHORIZATION_POLICY,
            "action",
            Loss.ACCESS,
            Effect.REQUESTS_REFUSED,
            "nobody is asked about requests that it matches, and they are refused"),
    TRUST_DOMAINS(
            RuleKind.AUTHORIZATION_POLICY,
            "rules.from.source.trustDomains",
            Loss.ACCESS,
            Effect.REQUESTS_REFUSED,
            Words.UNKNOWN),
    NOT_TRUST_DOMAINS(
            RuleKind.AUTHORIZATION_POLICY,
            "rules.from.source.notTrustDomains",
            Loss.ACCESS,
            Effect.REQUESTS_REFUSED,
            Words.UNKNOWN),
    ENVOY_ATTRIBUTE(
            RuleKind.AUTHORIZATION_POLICY, "rules.when.key", Loss.ACCESS, Effect.REQUESTS_REFUSED, Words.UNKNOWN),
    UNSEEN_HEADER(
            RuleKind.AUTHORIZATION_POLICY,
            "rules.when.key` of a header for the connection or from a proxy, such as `request.headers[te]",
            Loss.ACCESS,
            Effect.REQUESTS_REFUSED,
            "the header is taken away before policies are asked: a rule of action DENY counts it as there, one of action"
                    + " ALLOW as not",
            "look at a header that is sent on, or at source.principal for who is connected"),
    AUTHENTICATION_TARGET(RuleKind.REQUEST_AUTHENTICATION, "targetRef", Loss.ACCESS, Effect.TOLD, Words.TARGET),
    AUTHENTICATION_TARGETS(RuleKind.REQUEST_AUTHENTICATION, "targetRefs", Loss.ACCESS, Effect.TOLD, Words.TARGET),
    PRESENCE(
            RuleKind.REQUEST_AUTHENTICATION,
            "jwtRules.presence",
            Loss.ACCESS,
            Effect.REQUESTS_REFUSED,
            "requests without a token would be let in, and so all requests are refused",
            "write an AuthorizationPolicy with requestPrincipals: [\"*\"] instead"),
    KEYS_BY_ISSUER(
            RuleKind.REQUEST_AUTHENTICATION,
            "jwtRules.issuer` that is no URL, without `jwksUri",
            Loss.ACCESS,
            Effect.TOLD,
            "no token of the issuer is believed, because nobody can be asked for its keys",
            "write jwksUri, or jwks");

    /** Sentences of several fields. */
    private static final class Words {
        static final String TARGET =
                "the policy is for waypoints and gateways of the Kubernetes Gateway API, which InMesh is"
                        + " not: it judges no request here";
        static final String UNKNOWN =
                "nobody can say which requests it means, and all that the policy may refuse are refused";
    }

    /** What calls lack without a field. */
    enum Loss {
        /** Who is let in. */
        ACCESS,
        /** Speed or strength: the call is the same. */
        PROTECTION,
        /** Who calls, as the server sees it. */
        IDENTITY,
        /** Nobody reads on the way, and nobody else answers. */
        SECRECY,
        /** Which endpoint, or which server. */
        PLACE,
        /** What the caller gets back. */
        ANSWER
    }

    /** What happens where {@link UnsupportedFields#SENSIBLE} holds. */
    enum Effect {
        /** A warning; the object is in force without the field. */
        SKIPPED("warning, in force without it"),
        /** An error; the object is in force without the field. */
        TOLD("error, in force without it"),
        /** An error; the object is in force, and the calls that the field concerns fail. */
        CALLS_REFUSED("error, calls that it concerns are refused"),
        /**
         * An error; the object is in force, and requests that it may concern are refused, under {@link
         * UnsupportedFields#WARN} too: no setting opens a door.
         */
        REQUESTS_REFUSED("error, requests that it may concern are refused");

        private final String words;

        Effect(String words) {
            this.words = words;
        }
    }

    private final RuleKind kind;
    private final String path;
    private final Loss loss;
    private final Effect effect;
    private final String consequence;
    private final String fix;

    UnexecutedField(RuleKind kind, String path, Loss loss, Effect effect, String consequence) {
        this(kind, path, loss, effect, consequence, "");
    }

    UnexecutedField(RuleKind kind, String path, Loss loss, Effect effect, String consequence, String fix) {
        this.kind = kind;
        this.path = path;
        this.loss = loss;
        this.effect = effect;
        this.consequence = consequence;
        this.fix = fix;
    }

    /** Kind of the rules that have it. */
    RuleKind kind() {
        return kind;
    }

    /** Where it stands in the spec of its kind. */
    String path() {
        return path;
    }

    /** Whether the record cannot say what the field means, so that a closed policy has to take its place. */
    boolean closes() {
        return effect == Effect.REQUESTS_REFUSED && kind.isPolicy() && this != CUSTOM && this != UNSEEN_HEADER;
    }

    Effect effect() {
        return effect;
    }

    /** What calls are like without it, as a sentence without a full stop. */
    String consequence() {
        return consequence;
    }

    /** What to write instead of it; empty where it can just be removed. */
    String fix() {
        return fix;
    }

    /** The table as Markdown, for the documentation. */
    static String markdown() {
        List<String> rows = Arrays.stream(values())
                .map(field -> "| " + field.kind.kind() + " | `" + field.path + "` | " + field.consequence + " | "
                        + field.loss.name().toLowerCase(Locale.ROOT) + " | " + field.effect.words + " |")
                .toList();
        return "| Kind | Field | Without it | What is lost | `sensible` |\n|---|---|---|---|---|\n"
                + rows.stream().collect(Collectors.joining("\n"));
    }
}
