package io.inmesh.internal.istio;

import io.inmesh.config.ConfigCheck;
import io.inmesh.internal.text.Message;
import io.inmesh.model.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What Istio requires of the blocks of a traffic policy (pkg/config/validation). */
final class TrafficPolicyRules {
    private static final long LARGEST_MAGLEV_TABLE = 5_000_011;

    private final RuleChecks checks;

    TrafficPolicyRules(RuleChecks checks) {
        this.checks = checks;
    }

    /** The blocks that a policy and a port's policy share. */
    void blocks(Message policy) {
        outlierDetection(policy.message("outlierDetection"));
        connectionPool(policy.message("connectionPool"));
        loadBalancer(policy.message("loadBalancer"), policy.has("outlierDetection"));
        tls(policy.message("tls"));
        withoutEndpoints(policy);
    }

    /** What InMesh counts by cluster is not counted where there is none. */
    private void withoutEndpoints(Message policy) {
        Message balancer = policy.message("loadBalancer");
        if (balancer == null || !isPassthrough(balancer)) {
            return;
        }
        List<String> nothing = new ArrayList<>();
        Message pool = policy.message("connectionPool");
        Message tcp = pool == null ? null : pool.message("tcp");
        Message http = pool == null ? null : pool.message("http");
        if (tcp != null && tcp.number("maxConnections") > 0) {
            nothing.add("maxConnections");
        }
        for (String field : List.of("http1MaxPendingRequests", "http2MaxRequests", "maxRetries")) {
            if (http != null && http.number(field) > 0) {
                nothing.add(field);
            }
        }
        if (policy.has("outlierDetection")) {
            nothing.add("outlierDetection");
        }
        if (!nothing.isEmpty()) {
            checks.warning(
                    balancer.place("simple"),
                    "with PASSTHROUGH calls go to the address that they name, and nothing is counted by "
                            + String.join(", ", nothing),
                    "write another balancer, or remove them");
        }
    }

    private static boolean isPassthrough(Message balancer) {
        return balancer.string("simple").equals("PASSTHROUGH") && !balancer.has("consistentHash");
    }

    void tunnel(@Nullable Message tunnel) {
        if (tunnel == null) {
            return;
        }
        if (!List.of("", "CONNECT", "POST").contains(tunnel.string("protocol"))) {
            checks.error(tunnel.place("protocol"), "a tunnel uses CONNECT or POST", "write CONNECT");
        }
        String host = tunnel.string("targetHost");
        if (!IpAddress.isValid(host)) {
            checks.host(host, tunnel.place("targetHost"));
        }
        checks.port(tunnel.number("targetPort"), tunnel.place("targetPort"));
    }

    /** Istio leaves these limits to the schema of its custom resource. */
    void retryBudget(@Nullable Message budget) {
        if (budget == null) {
            return;
        }
        Double percent = budget.doubleOrNull("percent");
        if (percent != null && (percent < 0 || percent > 100)) {
            checks.error(budget.place("percent"), "percent is not between 0 and 100", "write a number such as 20");
        }
        Duration interval = budget.duration("budgetInterval");
        if (interval != null && interval.isNegative()) {
            checks.error(
                    budget.place("budgetInterval"),
                    "budgetInterval must not be negative",
                    "write a duration such as 10s, or remove it");
        }
    }

    private void outlierDetection(@Nullable Message outlier) {
        if (outlier == null) {
            return;
        }
        checks.duration(outlier, "baseEjectionTime");
        checks.duration(outlier, "interval");
        long errors = outlier.number("consecutiveErrors");
        if (errors != 0) {
            checks.warning(
                    ConfigCheck.DEPRECATED,
                    outlier.place("consecutiveErrors"),
                    "consecutiveErrors is deprecated and counts for nothing",
                    "write consecutive5xxErrors: " + Math.max(1, errors)
                            + ", or consecutiveGatewayErrors for 502, 503 and 504 alone");
        }
        if (outlier.has("consecutive5xxErrors")
                && outlier.number("consecutive5xxErrors") == 0
                && outlier.number("consecutiveGatewayErrors") == 0
                && !outlier.bool("splitExternalLocalOriginErrors")) {
            checks.warning(
                    outlier.place("consecutive5xxErrors"),
                    "nobody is ejected: consecutive5xxErrors is 0, and nothing else is counted",
                    "write how many errors in a row eject, or add consecutiveGatewayErrors");
        } else if (outlier.has("consecutive5xxErrors")
                && outlier.number("consecutive5xxErrors") == 0
                && !outlier.list("outlierDetectionHttpErrorCodes").isEmpty()) {
            checks.warning(
                    outlier.place("outlierDetectionHttpErrorCodes"),
                    "outlierDetectionHttpErrorCodes count for consecutive5xxErrors alone, which is 0; no answer is an error then",
                    "write how many in a row eject by consecutive5xxErrors, or remove the codes");
        }
        if (!outlier.bool("splitExternalLocalOriginErrors") && outlier.number("consecutiveLocalOriginFailures") > 0) {
            checks.error(
                    outlier.place("consecutiveLocalOriginFailures"),
                    "local failures are counted apart only with splitExternalLocalOriginErrors",
                    "add splitExternalLocalOriginErrors: true");
        }
        for (String field : List.of("maxEjectionPercent", "minHealthPercent")) {
            long percent = outlier.number(field);
            if (percent < 0 || percent > 100) {
                checks.error(
                        outlier.place(field),
                        field + " is not between 0 and 100",
                        "write a whole number from 0 to 100, without a percent sign");
            }
        }
        // Istio leaves it to the schema of its custom resource.
        for (Message.Value code : outlier.list("outlierDetectionHttpErrorCodes")) {
            if (code.number() < 100 || code.number() > 599) {
                checks.error(code.place(), code.number() + " is not an HTTP status", "write one from 100 to 599");
            }
        }
    }

    private void connectionPool(@Nullable Message pool) {
        if (pool == null) {
            return;
        }
        Message http = pool.message("http");
        Message tcp = pool.message("tcp");
        if (http == null && tcp == null) {
            checks.error(pool.place(), "the connection pool is empty", "add http or tcp, or remove it");
        }
        if (http != null) {
            for (String field : List.of(
                    "http1MaxPendingRequests",
                    "http2MaxRequests",
                    "maxRequestsPerConnection",
                    "maxRetries",
                    "maxConcurrentStreams")) {
                notNegative(http, field);
            }
            checks.duration(http, "idleTimeout");
            Message keepAlive = http.message("http2KeepAlive");
            if (keepAlive != null) {
                checks.duration(keepAlive, "interval");
                checks.duration(keepAlive, "timeout");
            }
            if (http.string("h2UpgradePolicy").equals("UPGRADE") && http.bool("useClientProtocol")) {
                checks.error(
                        http.place("useClientProtocol"),
                        "useClientProtocol and h2UpgradePolicy: UPGRADE exclude each other",
                        "keep one of them");
            }
        }
        if (tcp != null) {
            tcp(tcp);
        }
        connectionsAndWaiting(http, tcp);
    }

    private void connectionsAndWaiting(@Nullable Message http, @Nullable Message tcp) {
        boolean connections = tcp != null && tcp.number("maxConnections") > 0;
        if (tcp != null
                && connections
                && http != null
                && http.string("h2UpgradePolicy").equals("UPGRADE")
                && !http.bool("useClientProtocol")) {
            checks.warning(
                    tcp.place("maxConnections"),
                    (http.number("http1MaxPendingRequests") > 0
                                    ? "maxConnections and http1MaxPendingRequests limit nothing"
                                    : "maxConnections limits nothing")
                            + ": with h2UpgradePolicy: UPGRADE calls share connections, and none waits for one",
                    "limit calls by http2MaxRequests");
        }
        if (http != null && http.number("http1MaxPendingRequests") > 0 && !connections) {
            checks.warning(
                    http.place("http1MaxPendingRequests"),
                    "http1MaxPendingRequests limits nothing: without tcp.maxConnections no call waits for a connection",
                    "add tcp: {maxConnections: …}, or limit calls by http2MaxRequests");
        }
    }

    /** What counts for nothing beside the other. */
    void retryLimits(Message policy) {
        Message pool = policy.message("connectionPool");
        Message http = pool == null ? null : pool.message("http");
        if (http != null && http.number("maxRetries") > 0 && policy.has("retryBudget")) {
            checks.warning(
                    http.place("maxRetries"), "maxRetries counts for nothing beside retryBudget", "keep one of them");
        }
        Message balancer = policy.message("loadBalancer");
        if (balancer != null && isPassthrough(balancer) && policy.has("retryBudget")) {
            checks.warning(
                    policy.place("retryBudget"),
                    "with PASSTHROUGH calls go to the address that they name, and nothing is counted by retryBudget",
                    "write another balancer, or remove it");
        }
    }

    private void tcp(Message tcp) {
        notNegative(tcp, "maxConnections");
        checks.duration(tcp, "connectTimeout");
        checks.duration(tcp, "maxConnectionDuration");
        Duration idle = tcp.duration("idleTimeout");
        if (idle != null && (idle.isNegative() || idle.toMillis() != 0)) {
            checks.duration(tcp, "idleTimeout");
        }
        Message keepalive = tcp.message("tcpKeepalive");
        if (keepalive != null) {
            checks.duration(keepalive, "time");
            checks.duration(keepalive, "interval");
        }
    }

    private void notNegative(Message message, String field) {
        if (message.number(field) < 0) {
            checks.error(message.place(field), field + " must not be negative", "write 1 or more, or 0 for no limit");
        }
    }

    private void loadBalancer(@Nullable Message settings, boolean outlierDetection) {
        if (settings == null) {
            return;
        }
        if (settings.has("simple") && settings.has("consistentHash")) {
            checks.warning(
                    settings.place("simple"),
                    "simple and consistentHash exclude each other; Istio takes consistentHash",
                    "remove simple");
        }
        Message hash = settings.message("consistentHash");
        if (hash != null) {
            consistentHash(hash);
        }
        Message locality = settings.message("localityLbSetting");
        if (locality != null) {
            new LocalityRules(checks).check(locality, outlierDetection);
        }
        checks.duration(settings, "warmupDurationSecs");
        Message warmup = settings.message("warmup");
        if (warmup != null) {
            warmup(warmup);
        }
    }

    private void consistentHash(Message hash) {
        Message cookie = hash.message("httpCookie");
        if (cookie != null && cookie.string("name").isEmpty()) {
            checks.error(cookie.place("name"), "the cookie has no name", "add name");
        }
        Message maglev = hash.message("maglev");
        if (hash.number("minimumRingSize") != 0) {
            checks.warning(
                    ConfigCheck.DEPRECATED,
                    hash.place("minimumRingSize"),
                    "minimumRingSize is deprecated here",
                    "move it into ringHash");
            if (maglev != null || hash.has("ringHash")) {
                checks.error(
                        hash.place("minimumRingSize"),
                        "minimumRingSize excludes ringHash and maglev",
                        "move it into ringHash");
            }
        }
        if (maglev != null) {
            long size = maglev.number("tableSize");
            if (size >= LARGEST_MAGLEV_TABLE || !isPrime(size)) {
                checks.error(
                        maglev.place("tableSize"),
                        "tableSize must be a prime number below " + LARGEST_MAGLEV_TABLE,
                        "write 65537, Envoy's default");
            }
        }
    }

    private static boolean isPrime(long number) {
        if (number < 4) {
            return number > 0;
        }
        if (number % 2 == 0) {
            return false;
        }
        for (long factor = 3; factor * factor <= number; factor += 2) {
            if (number % factor == 0) {
                return false;
            }
        }
        return true;
    }

    private void warmup(Message warmup) {
        if (warmup.has("duration")) {
            checks.duration(warmup, "duration");
        } else {
            checks.error(warmup.place(), "the warmup has no duration", "add duration");
        }
        Double percent = warmup.doubleOrNull("minimumPercent");
        if (percent != null && (percent < 0 || percent > 100)) {
            checks.error(warmup.place("minimumPercent"), "minimumPercent is not between 0 and 100", "correct it");
        }
        Double aggression = warmup.doubleOrNull("aggression");
        if (aggression != null && aggression < 0) {
            checks.error(warmup.place("aggression"), "aggression must not be negative", "write 1.0, the default");
        }
    }

    private void tls(@Nullable Message tls) {
        if (tls == null) {
            return;
        }
        String mode = tls.string("mode");
        boolean simple = mode.equals("SIMPLE");
        boolean mutual = mode.equals("MUTUAL");
        if (!simple && !mutual) {
            return;
        }
        boolean credential = !tls.string("credentialName").isEmpty();
        boolean checksServer = !tls.string("caCertificates").isEmpty()
                || !tls.list("subjectAltNames").isEmpty();
        if (tls.bool("insecureSkipVerify") && (checksServer || (simple && credential))) {
            checks.error(
                    tls.place("insecureSkipVerify"),
                    "insecureSkipVerify excludes settings for checking the server",
                    "remove caCertificates, credentialName and subjectAltNames, or insecureSkipVerify");
        }
        List<String> files = List.of("clientCertificate", "privateKey", "caCertificates", "caCrl");
        if (credential) {
            if (files.stream().anyMatch(field -> !tls.string(field).isEmpty())) {
                checks.error(
                        tls.place("credentialName"), "credentialName excludes certificates from files", "keep one");
            }
        } else if (mutual) {
            for (String field : List.of("clientCertificate", "privateKey")) {
                if (tls.string(field).isEmpty()) {
                    checks.error(tls.place(field), "mutual TLS needs " + field, "add it, or credentialName");
                }
            }
        }
    }
}
