package io.inmesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.inmesh.call.MeshException;
import io.inmesh.config.ConfigCheck;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.console.CallStatistics;
import io.inmesh.console.Console;
import io.inmesh.event.ResponseFlag;
import io.inmesh.explain.Explanation;
import io.inmesh.telemetry.metrics.MeshMetrics;
import io.inmesh.testing.LeakCheck;
import io.inmesh.testing.ManualClock;
import io.inmesh.testing.RecordingObserver;
import io.inmesh.testing.ScriptedExchange;
import io.inmesh.testing.ScriptedExchange.Reply;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What calls make of a host that fails, and where that is seen. */
class EjectionTest {
    private static final String URL = "http://reviews:9080/";
    private static final String CLUSTER = "outbound|9080||reviews.default.svc.cluster.local";
    private static final String RULES = """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: reviews}
            spec:
              hosts: [reviews.default.svc.cluster.local]
              resolution: STATIC
              ports: [{number: 9080, name: http, protocol: HTTP}]
              endpoints: [{address: 10.0.0.1}, {address: 10.0.0.2}, {address: 10.0.0.3}]
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: reviews}
            spec:
              host: reviews
              trafficPolicy:
                loadBalancer: {simple: ROUND_ROBIN}
                outlierDetection: {consecutive5xxErrors: 2, interval: 1s, baseEjectionTime: 5s, maxEjectionPercent: %d}
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: reviews}
            spec:
              hosts: [reviews]
              http: [{retries: {attempts: 0}, route: [{destination: {host: reviews}}]}]
            """;

    @RegisterExtension
    final LeakCheck leaks = new LeakCheck();

    private final ManualClock clock = new ManualClock();
    private final RecordingObserver observer = new RecordingObserver();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final MeshMetrics metrics = MeshMetrics.of(registry);
    private final CallStatistics statistics = new CallStatistics();
    private String failing = "10.0.0.1";

    private Mesh mesh(int percent) {
        Mesh mesh = leaks.watch(MeshTesting.manual(Mesh.builder(), clock, new SplittableRandom(1))
                .config(TextConfigSource.of("rules.yaml", RULES.formatted(percent)))
                .observer(observer)
                .observer(metrics)
                .observer(statistics)
                .build());
        metrics.bindTo(mesh);
        return mesh;
    }

    /** Statuses of calls, one after the other. */
    private String calls(Mesh mesh, int count) throws IOException {
        StringBuilder statuses = new StringBuilder();
        for (int i = 0; i < count; i++) {
            Reply reply = mesh.execute(ScriptedExchange.get(URL, attempt -> {
                String address = attempt.endpoint().address();
                return Reply.of(failing.contains(address) ? 503 : 200, address);
            }));
            statuses.append(reply.status() == 200 ? '.' : 'x');
            reply.close();
        }
        return statuses.toString();
    }

    private double gauge(String state) {
        return registry.get("mesh.endpoints").tags("state", state).gauge().value();
    }

    @Test
    void whoFailsGetsNothingUntilASweepAfterItsTime() throws IOException {
        Mesh mesh = mesh(100);

        assertThat(calls(mesh, 12)).containsOnlyOnce("x..x").endsWith("......");
        assertThat(observer.ejected()).singleElement().satisfies(ejection -> {
            assertThat(ejection.cluster()).isEqualTo(CLUSTER);
            assertThat(ejection.endpoint().address()).isEqualTo("10.0.0.1");
            assertThat(Duration.between(ejection.since(), ejection.until())).isEqualTo(Duration.ofSeconds(5));
        });

        clock.advance(Duration.ofSeconds(4));
        assertThat(calls(mesh, 6)).isEqualTo("......");
        clock.advance(Duration.ofSeconds(1));
        assertThat(observer.readmitted()).isEqualTo(observer.ejected());
        assertThat(calls(mesh, 3)).containsOnlyOnce("x");
    }

    @Test
    void theLastOfThemTakesTheServiceAlong() throws IOException {
        Mesh mesh = mesh(100);
        failing = "10.0.0.1 10.0.0.2 10.0.0.3";

        assertThat(calls(mesh, 6)).isEqualTo("xxxxxx");

        assertThatExceptionOfType(MeshException.class)
                .isThrownBy(() -> calls(mesh, 1))
                .satisfies(refused -> assertThat(refused.flag()).isEqualTo(ResponseFlag.UH));
        Explanation explanation = mesh.explain("GET", URL, Map.of());
        assertThat(explanation.decision()).isEqualTo(Explanation.Decision.NO_ENDPOINTS);
        assertThat(explanation.why()).anyMatch(line -> line.contains("10.0.0.2:9080 is ready, ejected since"));
    }

    @Test
    void isSeenByObserversMetricsExplainAndConsole() throws IOException {
        Mesh mesh = mesh(100);
        Console console = Console.builder(mesh, statistics).build();
        assertThat(gauge("ejected")).isZero();
        calls(mesh, 6);

        assertThat(registry.get("mesh.client.ejections")
                        .tags("service", "reviews.default.svc.cluster.local", "reason", "consecutive_5xx")
                        .counter()
                        .count())
                .isEqualTo(1.0);
        assertThat(gauge("ejected")).isEqualTo(1.0);
        String state = "ready, ejected since 2026-01-01T00:00:00Z because of 2 consecutive 5xx errors";
        assertThat(mesh.clusters().get(CLUSTER)).anySatisfy(endpoint -> {
            assertThat(endpoint.state()).isEqualTo(state);
            assertThat(endpoint.used()).isFalse();
            assertThat(endpoint.ejection()).isEqualTo(observer.ejected().get(0));
        });
        Explanation explanation = mesh.explain("GET", URL, Map.of());
        assertThat(explanation.why()).contains("10.0.0.1:9080 is " + state);
        assertThat(explanation.clusterPolicy())
                .anyMatch(block -> block.name().equals("outlierDetection") && block.inForce() != null);

        JsonObject endpoint = document(console, "api/endpoints")
                .getAsJsonArray("endpoints")
                .get(0)
                .getAsJsonObject();
        assertThat(endpoint.get("state").getAsString()).isEqualTo(state);
        assertThat(endpoint.getAsJsonArray("ejections"))
                .singleElement()
                .satisfies(one ->
                        assertThat(one.getAsJsonObject()).isEqualTo(JsonParser.parseString("""
                                {cluster: "%s", reason: consecutive_5xx, because: "2 consecutive 5xx errors",
                                 since: "2026-01-01T00:00:00Z", until: "2026-01-01T00:00:05Z", count: 1}
                                """.formatted(CLUSTER))));

        clock.advance(Duration.ofSeconds(5));
        assertThat(gauge("ejected")).isZero();
    }

    private static JsonObject document(Console console, String path) {
        byte[] body = console.answer("GET", path, Map.of()).body();
        return JsonParser.parseString(new String(body, StandardCharsets.UTF_8)).getAsJsonObject();
    }

    @Test
    void whereOneIsTooLargeAShareNobodyIsEjectedAndThatIsSaid() throws IOException {
        Mesh mesh = mesh(10);

        assertThat(calls(mesh, 30)).contains("x..x..x..x..x..x..x..x..x");

        assertThat(observer.ejected()).isEmpty();
        assertThat(mesh.status().problems()).singleElement().satisfies(problem -> {
            assertThat(problem.check()).isEqualTo(ConfigCheck.EJECTS_NOBODY);
            assertThat(problem.path()).isEqualTo("spec.trafficPolicy.outlierDetection");
            assertThat(problem.origin().toString()).startsWith("rules.yaml:17:");
            assertThat(problem.message())
                    .isEqualTo("with maxEjectionPercent 10 none of fewer than 10 endpoints is ever ejected, and"
                            + " reviews.default.svc.cluster.local has fewer");
        });
        assertThat(mesh.explain("GET", URL, Map.of()).why())
                .contains("outlierDetection ejects none of so few endpoints: maxEjectionPercent 10 takes at least 10");
    }

    @Test
    void anEjectionDoesNotOutliveTheMesh() throws IOException {
        Mesh mesh = mesh(100);
        calls(mesh, 6);
        assertThat(clock.waitingTasks()).isPositive();

        mesh.close();

        assertThat(clock.waitingTasks()).isZero();
        assertThat(observer.readmitted()).isEmpty();
        assertThat(observer.ejected().get(0).since()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
    }
}
