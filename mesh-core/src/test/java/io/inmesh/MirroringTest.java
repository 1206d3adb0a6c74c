package io.inmesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inmesh.call.Attempt;
import io.inmesh.call.HeaderField;
import io.inmesh.call.MeshException;
import io.inmesh.call.SimpleRequestHead;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.explain.Explanation;
import io.inmesh.inbound.InboundContext;
import io.inmesh.inbound.Scope;
import io.inmesh.observe.EndedCopy;
import io.inmesh.observe.EndedCopy.Result;
import io.inmesh.testing.LeakCheck;
import io.inmesh.testing.ManualClock;
import io.inmesh.testing.RecordingObserver;
import io.inmesh.testing.ScriptedExchange;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which calls are copied where, by rules. Copies are sent at once, on the thread of the call, before its first attempt. */
class MirroringTest {
    private static final String SERVICES = """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: reviews}
            spec:
              hosts: [reviews.default.svc.cluster.local]
              resolution: STATIC
              ports: [{number: 9080, name: http, protocol: HTTP}]
              endpoints:
              - {address: 127.0.0.1, labels: {version: v1}}
              - {address: 127.0.0.2, labels: {version: v2}}
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: reviews}
            spec:
              host: reviews
              subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: details}
            spec:
              hosts: [details.default.svc.cluster.local]
              resolution: STATIC
              ports: [{number: 8080, name: http, protocol: HTTP}]
              endpoints: [{address: 127.0.0.3}]
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: outside}
            spec:
              hosts: [api.example.com]
              location: MESH_EXTERNAL
              resolution: STATIC
              ports: [{number: 80, name: http, protocol: HTTP}]
              endpoints: [{address: 127.0.0.4}]
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: named}
            spec:
              hosts: [named.example.com]
              resolution: NONE
              ports: [{number: 80, name: http, protocol: HTTP}]
            ---
            """;

    private static final String V1 = "outbound|9080|v1|reviews.default.svc.cluster.local";
    private static final String V2 = "outbound|9080|v2|reviews.default.svc.cluster.local";
    private static final String URL = "http://reviews:9080/a?q=1";

    @RegisterExtension
    final LeakCheck leaks = new LeakCheck();

    private final RecordingObserver observer = new RecordingObserver();
    private final ManualClock clock = new ManualClock();

    private Mesh mesh(String route) {
        return mesh(route, "");
    }

    private Mesh mesh(String route, String others) {
        String rule = """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: reviews}
                spec:
                  hosts: [reviews]
                  http:
                  - name: all
                    route: [{destination: {host: reviews, subset: v1, port: {number: 9080}}}]
                """;
        return leaks.watch(MeshTesting.manual(Mesh.builder(), clock, new SplittableRandom(5))
                .config(TextConfigSource.of("rules", SERVICES + rule + route.indent(4) + others))
                .observer(observer)
                .build());
    }

    /** Addresses of the attempts, those of copies first. */
    private static List<String> called(Mesh mesh) throws IOException {
        return attempts(mesh).stream()
                .map(attempt -> attempt.endpoint().hostPort())
                .toList();
    }

    private static List<Attempt> attempts(Mesh mesh) throws IOException {
        ScriptedExchange exchange = new ScriptedExchange(
                SimpleRequestHead.of("GET", URL, Map.of("x-a", List.of("1"))), ScriptedExchange::echoEndpoint);
        mesh.execute(exchange).read();
        return exchange.attempts();
    }

    @Test
    void aMirrorGetsACopyOfEveryCall() throws IOException {
        Mesh mesh = mesh("mirror: {host: reviews, subset: v2}\n");

        assertThat(called(mesh)).containsExactly("127.0.0.2:9080", "127.0.0.1:9080");
        assertThat(observer.copies()).containsExactly(new EndedCopy("default/reviews", V2, Result.ANSWERED, 200));
        assertThat(observer.calls()).hasSize(1);
    }

    @Test
    void aMirrorThatHangsIsEjectedAsAnyHostIs() throws IOException {
        Mesh mesh = mesh("timeout: 1s\nmirror: {host: details, port: {number: 8080}}\n", """
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: details}
                spec:
                  host: details
                  trafficPolicy: {outlierDetection: {consecutive5xxErrors: 1, maxEjectionPercent: 100}}
                """);
        ScriptedExchange exchange = new ScriptedExchange(SimpleRequestHead.of("GET", URL, Map.of()), attempt -> {
            if (attempt.endpoint().address().equals("127.0.0.3")) {
                clock.advance(Duration.ofSeconds(1));
                throw new IOException("canceled");
            }
            return ScriptedExchange.echoEndpoint(attempt);
        });

        // Copies run on the thread of the call here, whose time passes too.
        assertThatThrownBy(() -> mesh.execute(exchange)).isInstanceOf(MeshException.class);

        assertThat(observer.copies())
                .singleElement()
                .satisfies(copy -> assertThat(copy.result()).isEqualTo(Result.TIMED_OUT));
        assertThat(observer.ejected())
                .singleElement()
                .satisfies(ejection -> assertThat(ejection.endpoint().address()).isEqualTo("127.0.0.3"));
    }

    @Test
    void severalMirrorsGetOneEachAndThePortMayBeNamed() throws IOException {
        Mesh mesh = mesh("""
                mirrors:
                - destination: {host: reviews, subset: v2}
                - destination: {host: details, port: {number: 8080}}
                """);

        assertThat(called(mesh)).containsExactly("127.0.0.2:9080", "127.0.0.3:8080", "127.0.0.1:9080");
    }

    @Test
    void aShareOfTheCallsIsCopied() throws IOException {
        Mesh half = mesh("mirror: {host: reviews, subset: v2}\nmirrorPercentage: {value: 50}\n");
        for (int call = 0; call < 400; call++) {
            called(half);
        }

        // Six standard deviations around a half.
        assertThat(observer.copies()).hasSizeBetween(140, 260);
    }

    @Test
    void nothingIsCopiedAtZero() throws IOException {
        assertThat(called(mesh("mirror: {host: reviews, subset: v2}\nmirrorPercentage: {value: 0}\n")))
                .containsExactly("127.0.0.1:9080");
        assertThat(called(mesh("mirror: {host: reviews, subset: v2}\nmirrorPercent: 0\n")))
                .containsExactly("127.0.0.1:9080");
    }

    @Test
    void aCopySaysWhatTheCallSays() throws IOException {
        Mesh mesh = mesh("""
                rewrite: {uri: /new, authority: other.test}
                headers: {request: {set: {x-b: "2"}, remove: [x-a]}}
                timeout: 3s
                mirror: {host: reviews, subset: v2}
                """);

        List<Attempt> attempts = attempts(mesh);

        assertThat(attempts).hasSize(2).allSatisfy(attempt -> {
            assertThat(attempt.authority()).isEqualTo("other.test");
            assertThat(attempt.pathAndQuery()).isEqualTo("/newa?q=1");
            assertThat(attempt.headers())
                    .contains(new HeaderField("x-b", "2"))
                    .noneMatch(header -> header.name().equals("x-a"));
        });
    }

    @Test
    void whatTheMeshAnswersItselfIsNotCopied() throws IOException {
        Mesh mesh = mesh("""
                fault: {abort: {httpStatus: 418, percentage: {value: 100}}}
                mirror: {host: reviews, subset: v2}
                """);

        assertThat(called(mesh)).isEmpty();
        assertThat(observer.copies()).isEmpty();
        assertThat(mesh.explain("GET", URL, Map.of()).why()).noneMatch(line -> line.contains("copy"));
    }

    @Test
    void anUnknownDestinationIsToldAndCalledNot() throws IOException {
        Mesh mesh = mesh("mirror: {host: nowhere}\n");

        assertThat(called(mesh)).containsExactly("127.0.0.1:9080");
        assertThat(observer.copies()).extracting(EndedCopy::result).containsExactly(Result.NO_DESTINATION);
        assertThat(mesh.status().problems()).singleElement().satisfies(problem -> {
            assertThat(problem.path()).isEqualTo("spec.http[0].mirror.host");
            assertThat(problem.message())
                    .isEqualTo("no service nowhere.default.svc.cluster.local is known: no copies are sent there");
        });
        assertThat(mesh.explain("GET", URL, Map.of()).why())
                .anyMatch(line -> line.startsWith("no copy is sent to") && line.contains("nowhere"));
    }

    @Test
    void aPortThatTheDestinationHasNotIsTold() {
        Mesh mesh = mesh("mirrors: [{destination: {host: details}}]\n");

        assertThat(mesh.status().problems())
                .extracting(ConfigProblem::path, ConfigProblem::message)
                .singleElement()
                .asString()
                .contains("spec.http[0].mirrors[0].destination", "no copies of calls to that port are sent there");
    }

    /** The address that the request names has had the call itself. */
    @Test
    void aDestinationWithoutAddressesGetsNoCopy() throws IOException {
        Mesh mesh = mesh("mirror: {host: named.example.com, port: {number: 80}}\n");

        assertThat(called(mesh)).containsExactly("127.0.0.1:9080");
        assertThat(observer.copies()).extracting(EndedCopy::result).containsExactly(Result.NO_DESTINATION);
        assertThat(mesh.explain("GET", URL, Map.of()).why()).anyMatch(line -> line.contains("resolution NONE"));
    }

    @Test
    @SuppressWarnings("try") // The scope is there to be closed.
    void whatCameInIsNotHandedOnToCopiesOutside() throws IOException {
        Mesh mesh = mesh("mirror: {host: api.example.com, port: {number: 80}}\n");
        InboundContext context =
                InboundContext.builder().header("x-request-id", "7").build();

        List<Attempt> attempts;
        try (Scope scope = context.open()) {
            attempts = attempts(mesh);
        }

        assertThat(attempts).hasSize(2);
        assertThat(attempts.get(0).headers())
                .satisfiesAnyOf(
                        headers -> assertThat(headers).isNull(),
                        headers -> assertThat(headers)
                                .noneMatch(header -> header.name().equals("x-request-id")));
        assertThat(attempts.get(1).headers()).contains(new HeaderField("x-request-id", "7"));
    }

    @Test
    void explainTellsWhereCopiesGo() {
        Explanation all = mesh("mirror: {host: reviews, subset: v2}\n").explain("GET", URL, Map.of());

        assertThat(all.mirrors()).containsExactly(V2 + " 100.0%");
        assertThat(all.cluster()).isEqualTo(V1);
        assertThat(all.why()).contains("a copy is sent to " + V2 + " as well, whose answer nobody sees");

        Mesh few = mesh("mirror: {host: reviews, subset: v2}\nmirrorPercentage: {value: 0.1}\n");
        Explanation none = few.explain(SimpleRequestHead.of("GET", URL, Map.of()), () -> -1L);

        assertThat(none.mirrors()).containsExactly(V2 + " 0.1%");
        assertThat(none.why())
                .contains("no copy is sent to " + V2 + " this time: drawn, as 0.1% of the calls are copied");
    }
}
