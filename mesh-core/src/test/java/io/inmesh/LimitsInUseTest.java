package io.inmesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.console.CallStatistics;
import io.inmesh.console.Console;
import io.inmesh.explain.LimitUse;
import io.inmesh.explain.LimitUse.Limited;
import io.inmesh.telemetry.metrics.MeshMetrics;
import io.inmesh.testing.RecordingCircuitBreaker;
import io.inmesh.testing.ScriptedExchange;
import io.inmesh.testing.ScriptedExchange.Reply;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What rules limit, and how much of it is in use, as the mesh, explain, the console and metrics tell it. */
class LimitsInUseTest {
    private static final String RULES = """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: shop}
            spec:
              hosts: [shop.example.com]
              resolution: STATIC
              ports: [{number: 80, name: http, protocol: HTTP}]
              endpoints: [{address: 10.0.0.1}]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: shop}
            spec:
              hosts: [shop.example.com]
              http: [{retries: {attempts: 0}, route: [{destination: {host: shop.example.com}}]}]
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: shop}
            spec:
              host: shop.example.com
              trafficPolicy:
            """;
    private static final String CLUSTER = "outbound|80||shop.example.com";
    private static final String URL = "http://shop.example.com/";

    private final CallStatistics statistics = new CallStatistics();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final MeshMetrics metrics = MeshMetrics.of(registry);
    private final RecordingCircuitBreaker breaker = new RecordingCircuitBreaker();
    private Mesh mesh;

    private void mesh(String policy) {
        mesh(RULES, policy);
    }

    private void mesh(String rules, String policy) {
        mesh = Mesh.builder()
                .config(TextConfigSource.of("rules.yaml", rules + policy.indent(4)))
                .circuitBreakers(breaker)
                .observer(statistics)
                .observer(metrics)
                .build();
        metrics.bindTo(mesh);
    }

    @AfterEach
    void close() {
        mesh.close();
    }

    private Reply call() throws IOException {
        return mesh.execute(ScriptedExchange.get(URL, attempt -> Reply.of(200, "")));
    }

    private static LimitUse use(Limited limited, String field, int inUse, int most) {
        return new LimitUse(limited, field, inUse, most);
    }

    @Test
    void allLimitsOfAPolicyAreThereWithWhatIsInUse() throws IOException {
        mesh("connectionPool: {tcp: {maxConnections: 5}, http: {http1MaxPendingRequests: 2, http2MaxRequests: 3,"
                + " maxRetries: 4}}");

        Reply underWay = call();

        List<LimitUse> limits = List.of(
                use(Limited.REQUESTS, "connectionPool.http.http2MaxRequests", 1, 3),
                use(Limited.CONNECTIONS, "connectionPool.tcp.maxConnections", 1, 5),
                use(Limited.PENDING, "connectionPool.http.http1MaxPendingRequests", 0, 2),
                use(Limited.RETRIES, "connectionPool.http.maxRetries", 0, 4));
        assertThat(mesh.limits()).isEqualTo(Map.of(CLUSTER, limits));
        assertThat(mesh.limits(CLUSTER)).isEqualTo(limits);
        assertThat(mesh.explain("GET", URL, Map.of()).limits()).isEqualTo(limits);
        underWay.close();
        assertThat(mesh.limits(CLUSTER)).extracting(LimitUse::inUse).containsExactly(0, 0, 0, 0);
    }

    @Test
    void explainSaysWhatALimitThatIsUsedUpMeans() throws IOException {
        mesh("connectionPool: {tcp: {maxConnections: 2}, http: {http1MaxPendingRequests: 1, http2MaxRequests: 2}}");

        List<Reply> underWay = List.of(call(), call());

        assertThat(mesh.explain("GET", URL, Map.of()).why())
                .filteredOn(sentence -> sentence.contains("used up"))
                .containsExactly(
                        "connectionPool.tcp.maxConnections is used up (2 of 2): a call now would wait for a connection");
        underWay.forEach(Reply::close);
        assertThat(mesh.explain("GET", URL, Map.of()).why()).noneMatch(sentence -> sentence.contains("used up"));
    }

    @Test
    void explainSaysNothingOfLimitsWhereNothingWouldBeSent() throws IOException {
        mesh(
                RULES.replace(
                        "http: [",
                        "http: [{match: [{headers: {abort: {exact: now}}}], fault: {abort: {httpStatus: 418, percentage:"
                                + " {value: 100}}}, route: [{destination: {host: shop.example.com}}]}, "),
                "connectionPool: {http: {http2MaxRequests: 1}}");

        Reply underWay = call();

        assertThat(mesh.explain("GET", URL, Map.of()).why()).anyMatch(sentence -> sentence.contains("used up"));
        assertThat(mesh.explain("GET", URL, Map.of("abort", List.of("now"))).why())
                .contains("an abort with 418 is injected")
                .noneMatch(sentence -> sentence.contains("used up"));
        underWay.close();
    }

    @Test
    void connectionsThatRequestsShareAreNoLimit() {
        mesh(
                "connectionPool: {tcp: {maxConnections: 5}, http: {http1MaxPendingRequests: 2, h2UpgradePolicy: UPGRADE}}");

        assertThat(mesh.limits()).isEmpty();
        assertThat(mesh.limits(CLUSTER)).isEmpty();
        assertThat(mesh.limits("outbound|1||nobody")).isEmpty();
    }

    @Test
    void aBudgetFollowsTheRequestsOfTheMoment() throws IOException {
        mesh("retryBudget: {percent: 50, minRetryConcurrency: 1}");

        assertThat(mesh.limits(CLUSTER)).containsExactly(use(Limited.RETRIES, "retryBudget", 0, 1));
        List<Reply> underWay = List.of(call(), call(), call(), call());
        assertThat(mesh.limits(CLUSTER)).containsExactly(use(Limited.RETRIES, "retryBudget", 0, 2));
        underWay.forEach(Reply::close);
    }

    @Test
    void theConsoleShowsThemAndHowManyWereKeptOut() throws IOException {
        mesh("connectionPool: {http: {http2MaxRequests: 1}}");
        Reply underWay = call();
        assertThatThrownBy(this::call).hasMessageContaining("http2MaxRequests");

        JsonObject shop = shopInTheConsole();

        assertThat(shop.get("overflows").getAsInt()).isEqualTo(1);
        assertThat(shop.get("limits")).isEqualTo(JsonParser.parseString("""
                        [{"port": 80, "subset": "", "limit": "requests", "field": "connectionPool.http.http2MaxRequests",
                          "inUse": 1, "most": 1}]
                        """));
        underWay.close();
    }

    @Test
    void theConsoleShowsWhatACircuitBreakerKeptOutWhereThereAreNoLimits() {
        mesh(
                RULES.replace(
                        "kind: DestinationRule\nmetadata: {name: shop}",
                        "kind: DestinationRule\nmetadata: {name: shop, annotations: {inmesh.io/circuit-breaker: shop}}"),
                "loadBalancer: {simple: RANDOM}");
        breaker.open(true);
        assertThatThrownBy(this::call).hasMessageContaining("circuit breaker shop");

        JsonObject shop = shopInTheConsole();

        assertThat(shop.get("overflows").getAsInt()).isEqualTo(1);
        assertThat(shop.getAsJsonArray("limits")).isEmpty();
    }

    private JsonObject shopInTheConsole() {
        Console console = Console.builder(mesh, statistics).build();
        String text = new String(console.answer("GET", "api/services", Map.of()).body(), StandardCharsets.UTF_8);
        return JsonParser.parseString(text)
                .getAsJsonObject()
                .getAsJsonArray("services")
                .get(0)
                .getAsJsonObject();
    }

    @Test
    void metricsTellThemWhileTheyAreThere() throws IOException {
        mesh("connectionPool: {http: {http2MaxRequests: 7}}");

        Reply underWay = call();

        assertThat(gauge("mesh.client.limit").value()).isEqualTo(7);
        assertThat(gauge("mesh.client.limit.used").value()).isEqualTo(1);
        underWay.close();
        assertThat(gauge("mesh.client.limit.used").value()).isZero();
        metrics.close();
        assertThat(registry.find("mesh.client.limit").gauges()).isEmpty();
    }

    private Gauge gauge(String name) {
        return registry.get(name)
                .tags("service", "shop.example.com", "port", "80", "subset", "none", "limit", "requests")
                .gauge();
    }
}
