package io.inmesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.inmesh.call.HeaderField;
import io.inmesh.call.MeshException;
import io.inmesh.call.SimpleRequestHead;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.event.ResponseFlag;
import io.inmesh.inbound.InboundContext;
import io.inmesh.inbound.Scope;
import io.inmesh.testing.LeakCheck;
import io.inmesh.testing.ManualClock;
import io.inmesh.testing.RecordingObserver;
import io.inmesh.testing.ScriptedExchange;
import io.inmesh.testing.ScriptedExchange.By;
import io.inmesh.testing.ScriptedExchange.Reply;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What calls carry of the request on whose behalf they are made. */
class InboundCallTest {
    private static final String URL = "http://reviews:9080/reviews/0";
    private static final String EXPECTED = "x-envoy-expected-rq-timeout-ms";

    /** A name of the cluster, one that is inside by its location, and two that are outside. */
    private static final String RULES = """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: reviews}
            spec:
              hosts: [reviews]
              http:
              - match: [{headers: {end-user: {exact: jason}}}]
                timeout: 3s
                route: [{destination: {host: reviews}, headers: {request: {remove: [b3], set: {x-user: "%REQ(end-user)%"}}}}]
              - match: [{headers: {end-user: {exact: slow}}}]
                fault: {delay: {fixedDelay: 5s, percentage: {value: 100}}}
                route: [{destination: {host: reviews}}]
              - match: [{headers: {end-user: {exact: away}}}]
                route: [{destination: {host: api.example.com, port: {number: 80}}}]
              - route: [{destination: {host: reviews}}]
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: reviews}
            spec:
              hosts: [reviews.default.svc.cluster.local]
              resolution: STATIC
              ports: [{number: 9080, name: http, protocol: HTTP}]
              endpoints: [{address: 127.0.0.11}, {address: 127.0.0.12}]
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: inside}
            spec:
              hosts: [inside.example.com]
              location: MESH_INTERNAL
              resolution: STATIC
              ports: [{number: 80, name: http, protocol: HTTP}]
              endpoints: [{address: 127.0.0.13}]
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: outside}
            spec:
              hosts: [api.example.com]
              resolution: STATIC
              ports: [{number: 80, name: http, protocol: HTTP}]
              endpoints: [{address: 127.0.0.14}]
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: as-called}
            spec:
              hosts: [as-called.example.com]
              location: MESH_EXTERNAL
              resolution: NONE
              ports: [{number: 80, name: http, protocol: HTTP}]
            """;

    @RegisterExtension
    final LeakCheck leaks = new LeakCheck();

    private final ManualClock clock = new ManualClock();
    private final RecordingObserver observer = new RecordingObserver();

    private Mesh mesh() {
        return leaks.watch(builder().build());
    }

    private Mesh.Builder builder() {
        Mesh.Builder builder = Mesh.builder().config(TextConfigSource.of("rules", RULES));
        return MeshTesting.manual(builder, clock, new SplittableRandom(1));
    }

    private static InboundContext user(String name) {
        return InboundContext.builder()
                .header("x-request-id", "42")
                .header("end-user", name)
                .build();
    }

    private InboundContext timed(String name, Duration left) {
        return user(name).toBuilder()
                .deadlineNanos(clock.nanoTime() + left.toNanos())
                .build();
    }

    @SuppressWarnings("try") // The scope is there to be closed.
    private static Reply in(@Nullable InboundContext context, Mesh mesh, ScriptedExchange exchange) throws IOException {
        try (Scope scope = InboundContext.open(context)) {
            return mesh.execute(exchange);
        }
    }

    private static @Nullable List<HeaderField> sent(InboundContext context, Mesh mesh, ScriptedExchange exchange)
            throws IOException {
        in(context, mesh, exchange).read();
        assertThat(exchange.attempts()).hasSize(1);
        return exchange.attempts().get(0).headers();
    }

    private static ScriptedExchange get(String url, Map<String, List<String>> headers) {
        return new ScriptedExchange(SimpleRequestHead.of("GET", url, headers), ScriptedExchange::echoEndpoint);
    }

    private static HeaderField header(String name, String value) {
        return new HeaderField(name, value);
    }

    @Test
    void callsCarryHeadersAndOnlyWhileTheContextIsOpen() throws IOException {
        Mesh mesh = mesh();

        assertThat(sent(user("anna"), mesh, ScriptedExchange.get(URL)))
                .containsExactly(header("x-request-id", "42"), header("end-user", "anna"));

        ScriptedExchange after = ScriptedExchange.get(URL);
        mesh.execute(after).read();
        assertThat(after.attempts().get(0).headers()).isNull();
    }

    @Test
    void whatTheCallerHasSetItselfCounts() throws IOException {
        Mesh mesh = mesh();
        InboundContext context = user("anna").toBuilder()
                .header("baggage", "a=1")
                .header("baggage", "b=2")
                .build();

        ScriptedExchange own = get(URL, Map.of("End-User", List.of("own"), "accept", List.of("text/plain")));
        assertThat(sent(context, mesh, own))
                .containsExactlyInAnyOrder(
                        header("End-User", "own"),
                        header("accept", "text/plain"),
                        header("x-request-id", "42"),
                        header("baggage", "a=1"),
                        header("baggage", "b=2"));

        ScriptedExchange all =
                get(URL, Map.of("end-user", List.of("own"), "X-Request-ID", List.of("7"), "baggage", List.of("")));
        assertThat(sent(context, mesh, all)).isNull();
    }

    @Test
    void rulesSeeAndChangeWhatIsCarried() throws IOException {
        InboundContext context = user("jason").toBuilder().header("b3", "0").build();

        assertThat(sent(context, mesh(), ScriptedExchange.get(URL)))
                .containsExactlyInAnyOrder(
                        header("x-request-id", "42"),
                        header("end-user", "jason"),
                        header("x-user", "jason"),
                        header(EXPECTED, "3000"));
    }

    @Test
    void hostsOutsideOfTheMeshGetNothing() throws IOException {
        Mesh mesh = mesh();
        InboundContext context = timed("anna", Duration.ofSeconds(9));

        assertThat(sent(context, mesh, ScriptedExchange.get("http://api.example.com/")))
                .isNull();
        assertThat(sent(context, mesh, ScriptedExchange.get("http://as-called.example.com/")))
                .isNull();
        assertThat(sent(context, mesh, get("http://api.example.com/", Map.of("end-user", List.of("own")))))
                .isNull();
        ScriptedExchange routedAway = get(URL, Map.of("end-user", List.of("away")));
        assertThat(sent(context, mesh, routedAway)).isNull();
        assertThat(routedAway.attempts().get(0).endpoint().address()).isEqualTo("127.0.0.14");
        assertThat(sent(context, mesh, ScriptedExchange.get("http://inside.example.com/")))
                .containsExactly(header("x-request-id", "42"), header("end-user", "anna"), header(EXPECTED, "9000"));
        assertThat(in(context, mesh, ScriptedExchange.get("http://elsewhere/")).by())
                .isEqualTo(By.PASS_THROUGH);
    }

    @Test
    void theRemainingTimeBoundsTheCall() {
        ScriptedExchange exchange = ScriptedExchange.get(URL, attempt -> {
            clock.advance(Duration.ofMillis(999));
            assertThat(attempt.headers()).contains(header(EXPECTED, "1000"));
            clock.advance(Duration.ofMillis(1));
            throw new IOException("Canceled");
        });

        MeshException late = catchThrowableOfType(
                MeshException.class, () -> in(timed("anna", Duration.ofSeconds(1)), mesh(), exchange));

        assertThat(late.flag()).isEqualTo(ResponseFlag.UT);
        assertThat(late).hasMessageContaining("reviews:9080").hasMessageContaining("the request that came in");
        assertThat(exchange.aborts()).isEqualTo(1);
    }

    @Test
    void theSoonerOfRouteAndRequestCounts() {
        Mesh mesh = mesh();
        MeshException byRoute = catchThrowableOfType(
                MeshException.class, () -> in(timed("jason", Duration.ofSeconds(4)), mesh, late("3000")));
        MeshException byRequest = catchThrowableOfType(
                MeshException.class, () -> in(timed("jason", Duration.ofSeconds(2)), mesh, late("2000")));

        assertThat(byRoute).hasMessageContaining("the route's timeout of 3000 ms");
        assertThat(byRequest).hasMessageContaining("the request that came in");
    }

    /** Answers when all the time is over that it was told of. */
    private ScriptedExchange late(String expectedMillis) {
        return ScriptedExchange.get(URL, attempt -> {
            assertThat(attempt.headers()).contains(header(EXPECTED, expectedMillis));
            clock.advance(Duration.ofMillis(Long.parseLong(expectedMillis)));
            return Reply.of(200, "late");
        });
    }

    @Test
    void aRetryTellsWhatIsLeftThen() throws IOException {
        ScriptedExchange exchange = ScriptedExchange.get(URL, attempt -> {
            if (attempt.number() == 1) {
                clock.advance(Duration.ofSeconds(5));
                throw new ConnectException("connection refused");
            }
            return Reply.of(200, "");
        });

        in(timed("anna", Duration.ofSeconds(9)), mesh(), exchange).read();

        assertThat(exchange.attempts()).hasSize(2);
        long second = Long.parseLong(exchange.attempts().get(1).headers().stream()
                .filter(header -> header.name().equals(EXPECTED))
                .findFirst()
                .orElseThrow()
                .value());
        assertThat(second).isBetween(3000L, 4000L);
    }

    @Test
    void theCallersOwnWordOnTheTimeStays() throws IOException {
        ScriptedExchange exchange = get(URL, Map.of(EXPECTED, List.of("7")));

        assertThat(sent(timed("anna", Duration.ofSeconds(9)), mesh(), exchange))
                .contains(header(EXPECTED, "7"))
                .doesNotContain(header(EXPECTED, "9000"));
    }

    @Test
    void withNothingLeftTheCallFailsAtOnce() {
        Mesh mesh = leaks.watch(builder().observer(observer).build());
        ScriptedExchange exchange = ScriptedExchange.get(URL);

        MeshException late =
                catchThrowableOfType(MeshException.class, () -> in(timed("anna", Duration.ZERO), mesh, exchange));

        assertThat(late.flag()).isEqualTo(ResponseFlag.UT);
        assertThat(late).hasMessageContaining("was not called").hasMessageContaining("reviews:9080");
        assertThat(exchange.attempts()).isEmpty();
        assertThat(observer.calls())
                .singleElement()
                .satisfies(call -> assertThat(call.flag()).isEqualTo(ResponseFlag.UT));
    }

    @Test
    void anInjectedDelayEndsWithTheRequest() {
        long before = clock.nanoTime();
        ScriptedExchange exchange = ScriptedExchange.get(URL);

        MeshException late = catchThrowableOfType(
                MeshException.class, () -> in(timed("slow", Duration.ofSeconds(2)), mesh(), exchange));

        assertThat(late.flag()).isEqualTo(ResponseFlag.UT);
        assertThat(clock.nanoTime() - before).isEqualTo(Duration.ofSeconds(2).toNanos());
        assertThat(exchange.attempts()).isEmpty();
    }

    @Test
    void theBodyIsBoundedToo() throws IOException {
        ScriptedExchange exchange = ScriptedExchange.get(URL);

        Reply reply = in(timed("anna", Duration.ofSeconds(2)), mesh(), exchange);
        clock.advance(Duration.ofSeconds(2));

        assertThat(exchange.aborts()).isEqualTo(1);
        assertThat(reply.fail(new IOException("Canceled")))
                .isInstanceOf(MeshException.class)
                .hasMessageContaining("the request that came in");
    }
}
