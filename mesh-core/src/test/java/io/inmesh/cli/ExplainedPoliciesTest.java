package io.inmesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What explain tells of policies: what rules ask for, and what of it is in force. */
class ExplainedPoliciesTest {
    private static final String SERVICE = """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: reviews}
            spec:
              hosts: [reviews.default.svc.cluster.local]
              resolution: %s
              ports: [{number: 9080, name: http, protocol: HTTP}]
            ---
            """;

    private static final String STATIC =
            SERVICE.formatted("STATIC").replace("  ports:", "  endpoints: [{address: 127.0.0.1}]\n  ports:");

    private static final String ROUTE = """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: reviews}
            spec:
              hosts: [reviews]
              http: [{%s, route: [{destination: {host: reviews}}]}]
            ---
            """;

    private static final String POLICY = """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: reviews}
            spec: {host: reviews, trafficPolicy: {%s}}
            """;

    @TempDir
    Path folder;

    private JsonObject explain(String rules) throws IOException {
        Path file = Files.writeString(folder.resolve("rules.yaml"), rules);
        Path requests = Files.writeString(folder.resolve("requests"), "{\"url\":\"http://reviews:9080/\"}\n");
        CommandRun run = CommandRun.of("explain", "--config", file.toString(), "--requests", requests.toString());
        assertThat(run.code()).as(run.err()).isZero();
        return run.json(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name: a | {attempts: 2, retryOn: [connect-failure,refused-stream,cancelled,unavailable], backoffMs: 25}",
                "retries: {attempts: 5} | {attempts: 5, retryOn: [connect-failure,refused-stream,cancelled,unavailable], backoffMs: 25}",
                "retries: {attempts: 0} | {attempts: 0, retryOn: []}",
                "retries: {attempts: 1, retryOn: 'connect-failure,refused-stream'}"
                        + " | {attempts: 1, retryOn: [connect-failure,refused-stream], backoffMs: 25}",
                "retries: {attempts: 3, retryOn: '5xx,connect-failure,503', perTryTimeout: 2s}"
                        + " | {attempts: 3, retryOn: [5xx,connect-failure,'503'], perTryTimeoutMs: 2000, backoffMs: 25}",
                "timeout: 1s, retries: {attempts: 3, retryOn: reset, perTryTimeout: 1s}"
                        + " | {attempts: 3, retryOn: [reset], backoffMs: 25}",
                "retries: {attempts: 2, retryOn: 'retriable-headers,http3-post-connect-failure,reset', backoff: 50ms,"
                        + " retryRemoteLocalities: true, retryIgnorePreviousHosts: false}"
                        + " | {attempts: 2, retryOn: [reset], backoffMs: 50, retryIgnorePreviousHosts: false, notInForce:"
                        + " {retryOn: 'retriable-headers,http3-post-connect-failure', retryRemoteLocalities: 'true'}}",
            })
    void retriesAreThoseInForceAndBesideThemWhatTheRuleAsksForInVain(String retries, String expected)
            throws IOException {
        JsonObject explained = explain(STATIC + ROUTE.formatted(retries));

        assertThat(explained.get("retries")).isEqualTo(JsonParser.parseString(expected));
    }

    @Test
    void whoDialsTheAddressOfTheRequestHasNoOtherHostToTry() throws IOException {
        String entry = SERVICE.formatted("NONE");

        JsonObject explained = explain(entry + ROUTE.formatted("retries: {attempts: 3}"));

        assertThat(explained.get("retries")).isEqualTo(JsonParser.parseString("{attempts: 0, retryOn: []}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "loadBalancer: {simple: RANDOM} | {loadBalancer: {asked: {simple: RANDOM}, inForce: RANDOM}}",
                "loadBalancer: {simple: PASSTHROUGH} | {loadBalancer: {asked: {simple: PASSTHROUGH}, inForce: PASSTHROUGH}}",
                "outlierDetection: {consecutive5xxErrors: 5, interval: 10s} | {loadBalancer: {inForce: LEAST_REQUEST},"
                        + " outlierDetection: {asked: {consecutive5xxErrors: '5', interval: 10000ms}, inForce: '5 consecutive"
                        + " 5xx errors eject for 30000ms or longer, until a sweep each 10000ms; at most 10 % of the"
                        + " endpoints'}}",
                "connectionPool: {tcp: {maxConnections: 7}, http: {h2UpgradePolicy: UPGRADE}} | {loadBalancer: {inForce:"
                        + " LEAST_REQUEST}, connectionPool: {asked: {tcp.maxConnections: '7', http.h2UpgradePolicy:"
                        + " UPGRADE}, inForce: 'HTTP/2'}}",
                "connectionPool: {tcp: {maxConnections: 7, tcpKeepalive: {probes: 3}}, http: {http1MaxPendingRequests: 1,"
                        + " maxRetries: 0, idleTimeout: 5s}} | {loadBalancer: {inForce: LEAST_REQUEST}, connectionPool: {asked:"
                        + " {tcp.maxConnections: '7', tcp.tcpKeepalive.probes: '3', http.http1MaxPendingRequests: '1',"
                        + " http.maxRetries: '0', http.idleTimeout: 5000ms}, inForce: 'tcp.maxConnections,"
                        + " tcp.tcpKeepalive, http.http1MaxPendingRequests, http.idleTimeout'}}",
                "loadBalancer: {simple: PASSTHROUGH}, connectionPool: {tcp: {maxConnections: 7, connectTimeout: 1s}} |"
                        + " {loadBalancer: {asked: {simple: PASSTHROUGH}, inForce: PASSTHROUGH}, connectionPool: {asked:"
                        + " {tcp.maxConnections: '7', tcp.connectTimeout: 1000ms}, inForce: 'tcp.connectTimeout'}}",
                "tls: {mode: DISABLE} | {loadBalancer: {inForce: LEAST_REQUEST}, tls: {asked: {mode: DISABLE}, inForce:"
                        + " 'as the URL says'}}",
                "tls: {mode: SIMPLE, sni: a} | {loadBalancer: {}, tls: {asked: {mode: SIMPLE, sni: a}}}",
                "portLevelSettings: [{port: {number: 9080}, loadBalancer: {simple: ROUND_ROBIN}}], retryBudget: {percent: 20}"
                        + " | {loadBalancer: {asked: {simple: ROUND_ROBIN}, inForce: ROUND_ROBIN}, retryBudget: {asked:"
                        + " {percent: '20.0'}, inForce: '20.0 % of requests in flight or waiting, at least 3'}}",
            })
    void thePolicyOfADestinationIsToldBlockByBlockWithWhatIsInForce(String policy, String expected) throws IOException {
        JsonObject explained = explain(STATIC + POLICY.formatted(policy));

        assertThat(explained.get("clusterPolicy")).isEqualTo(JsonParser.parseString(expected));
    }

    @Test
    void whereNoRuleConcernsADestinationThereIsNoPolicyToTell() throws IOException {
        assertThat(explain(STATIC).has("clusterPolicy")).isFalse();
    }
}
