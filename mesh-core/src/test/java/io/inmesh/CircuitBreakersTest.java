package io.inmesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.inmesh.call.CircuitBreakers;
import io.inmesh.call.MeshException;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.explain.Explanation;
import io.inmesh.testing.LeakCheck;
import io.inmesh.testing.ManualClock;
import io.inmesh.testing.RecordingCircuitBreaker;
import io.inmesh.testing.RecordingObserver;
import io.inmesh.testing.ScriptedExchange;
import java.io.IOException;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Circuit breakers that rules name: which calls they guard, and where it is seen. */
class CircuitBreakersTest {
    private static final String URL = "http://reviews:9080/";
    private static final String RULES = """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata:
              name: reviews
              annotations:
                inmesh.io/circuit-breaker: "reviews"
            spec:
              host: reviews
              subsets: [{name: v1, labels: {version: v1}}]
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: reviews}
            spec:
              hosts: [reviews.default.svc.cluster.local]
              resolution: STATIC
              ports: [{number: 9080, name: http, protocol: HTTP}]
              endpoints: [{address: 127.0.0.1, labels: {version: v1}}]
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: details}
            spec:
              hosts: [details.default.svc.cluster.local]
              resolution: STATIC
              ports: [{number: 9080, name: http, protocol: HTTP}]
              endpoints: [{address: 127.0.0.2}]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: details}
            spec:
              hosts: [details]
              http:
              - route: [{destination: {host: details, port: {number: 9080}}}]
                mirror: {host: reviews, subset: v1, port: {number: 9080}}
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: any}
            spec:
              hosts: [any.example.com]
              resolution: NONE
              ports: [{number: 80, name: http, protocol: HTTP}]
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: any, annotations: {inmesh.io/circuit-breaker: any}}
            spec: {host: any.example.com}
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: nobody, annotations: {inmesh.io/circuit-breaker: nobody}}
            spec: {host: nobody.example.com}
            """;

    @RegisterExtension
    final LeakCheck leaks = new LeakCheck();

    private final RecordingCircuitBreaker breaker = new RecordingCircuitBreaker();
    private final RecordingObserver observer = new RecordingObserver();

    private Mesh mesh(@Nullable CircuitBreakers breakers) {
        Mesh.Builder builder = MeshTesting.manual(Mesh.builder(), new ManualClock(), new SplittableRandom(1))
                .config(TextConfigSource.of("rules.yaml", RULES))
                .observer(observer);
        if (breakers != null) {
            builder.circuitBreakers(breakers);
        }
        return leaks.watch(builder.build());
    }

    private static int call(Mesh mesh, String url) throws IOException {
        ScriptedExchange exchange = ScriptedExchange.get(url);
        mesh.execute(exchange).read();
        return exchange.attempts().size();
    }

    @Test
    void guardsTheWholeDestinationOfTheRule() throws IOException {
        Mesh mesh = mesh(breaker);

        call(mesh, URL);
        call(mesh, "http://any.example.com/");

        assertThat(breaker.told()).containsExactly("asked", "answered 200 in 0ms", "asked", "answered 200 in 0ms");
        breaker.open(true);
        assertThat(catchThrowableOfType(MeshException.class, () -> call(mesh, URL)))
                .hasMessage(
                        "UO: reviews:9080 (outbound|9080||reviews.default.svc.cluster.local): not sent, because circuit"
                                + " breaker reviews refuses it (OPEN)");
        assertThat(mesh.status().problems()).isEmpty();
    }

    @Test
    void copiesDoNotAsk() throws IOException {
        Mesh mesh = mesh(breaker);
        breaker.open(true);

        // The call and its copy.
        assertThat(call(mesh, "http://details:9080/")).isEqualTo(2);

        assertThat(breaker.told()).isEmpty();
    }

    @Test
    void aRuleThatNamesOneWhereThereIsNoneIsAWarning() throws IOException {
        Mesh mesh = mesh(null);

        assertThat(call(mesh, URL)).isEqualTo(1);

        assertThat(mesh.status().problems())
                .extracting(ConfigProblem::object)
                .containsExactly("DestinationRule default/reviews", "DestinationRule default/any");
        assertThat(mesh.status().problems().get(0)).satisfies(problem -> {
            assertThat(problem.severity()).isEqualTo(Severity.WARNING);
            assertThat(problem.origin()).hasToString("rules.yaml:6:32");
            assertThat(problem.message())
                    .isEqualTo(
                            "circuit breaker reviews guards no call, because the mesh was given no circuit breakers");
            assertThat(problem.fix()).contains("Mesh.builder().circuitBreakers");
        });
        Explanation explanation = mesh.explain("GET", URL, Map.of());
        assertThat(explanation.policies()).containsEntry("circuitBreaker", "reviews: none");
        assertThat(explanation.why())
                .contains("circuit breaker reviews guards no call, because the mesh was given no circuit breakers");
    }

    @Test
    void aDoubtfulNameIsANote() {
        breaker.doubts("nobody has described it");
        Mesh mesh = mesh(breaker);

        assertThat(mesh.status().problems()).hasSize(2).allSatisfy(problem -> {
            assertThat(problem.severity()).isEqualTo(Severity.NOTE);
            assertThat(problem.message()).isEqualTo("nobody has described it");
            assertThat(problem.origin().line()).isPositive();
        });
    }

    @Test
    void explainTellsItsState() {
        Mesh mesh = mesh(breaker);
        breaker.open(true);

        Explanation guarded = mesh.explain("GET", URL, Map.of());

        assertThat(guarded.policies()).containsEntry("circuitBreaker", "reviews: OPEN");
        assertThat(guarded.why()).contains("circuit breaker reviews: OPEN");
        assertThat(breaker.told()).isEmpty();
        assertThat(mesh.explain("GET", "http://details:9080/", Map.of()).policies())
                .doesNotContainKey("circuitBreaker");
    }

    @Test
    void oneThatThrowsGuardsNothing() throws IOException {
        Mesh mesh = mesh(name -> {
            throw new IllegalStateException("no such breaker");
        });

        assertThat(call(mesh, URL)).isEqualTo(1);

        assertThat(mesh.explain("GET", URL, Map.of()).policies()).containsEntry("circuitBreaker", "reviews: unknown");
        assertThat(observer.calls()).hasSize(1);
    }
}
