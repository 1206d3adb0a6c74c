package io.inmesh.telemetry.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.MeshTesting;
import io.inmesh.OutboundTrafficPolicy;
import io.inmesh.call.HeaderField;
import io.inmesh.call.SimpleRequestHead;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.event.ResponseFlag;
import io.inmesh.inbound.InboundContext;
import io.inmesh.inbound.Scope;
import io.inmesh.observe.EndedRequest;
import io.inmesh.observe.InboundConnection;
import io.inmesh.observe.InboundObservation;
import io.inmesh.observe.StartedRequest;
import io.inmesh.testing.ManualClock;
import io.inmesh.testing.ScriptedExchange;
import io.inmesh.testing.ScriptedExchange.Reply;
import io.inmesh.testing.ScriptedExchange.Server;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each call of a real mesh as the line that it becomes. */
class AccessLogTest {
    private static final Instant START = Instant.parse("2026-01-02T03:04:05.006789Z");
    private static final String RULES = """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: reviews, namespace: default}
            spec:
              hosts: [reviews.default.svc.cluster.local]
              resolution: STATIC
              ports: [{number: 9080, name: http, protocol: HTTP}]
              endpoints: [{address: 10.0.0.1}]
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: reviews, namespace: default}
            spec: {host: reviews, subsets: [{name: v9, labels: {version: v9}}]}
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: reviews, namespace: default}
            spec:
              hosts: [reviews]
              http:
              - {name: empty, match: [{uri: {prefix: /empty}}], route: [{destination: {host: reviews, subset: v9}}]}
              - {name: unknown, match: [{uri: {prefix: /unknown}}], route: [{destination: {host: nobody}}]}
              - {name: moved, match: [{uri: {prefix: /moved}}], redirect: {uri: /elsewhere}}
              - {name: slow, match: [{uri: {prefix: /slow}}], timeout: 1s, route: [{destination: {host: reviews}}]}
              - name: fault
                match: [{uri: {prefix: /fault}}]
                fault: {abort: {percentage: {value: 100}, httpStatus: 418}}
                route: [{destination: {host: reviews}}]
              - name: usual
                match: [{uri: {prefix: /reviews}}]
                rewrite: {uri: /rewritten, authority: ratings}
                route: [{destination: {host: reviews}}]
            """;

    /** Keeps entries, as long as it is open. */
    private static final class Kept implements AccessLogSink {
        final List<AccessLogEntry> entries = new ArrayList<>();
        boolean open = true;

        @Override
        public boolean wantsEntries() {
            return open;
        }

        @Override
        public void accept(AccessLogEntry entry) {
            entries.add(entry);
        }

        String line() {
            assertThat(entries).hasSize(1);
            return AccessLogFormat.TEXT.line(entries.remove(0));
        }
    }

    private final Kept kept = new Kept();
    private final AccessLog log = AccessLog.of(() -> START, kept);
    private final ManualClock clock = new ManualClock();
    private final List<Mesh> meshes = new ArrayList<>();

    @AfterEach
    void close() {
        meshes.forEach(Mesh::close);
    }

    private Mesh mesh(OutboundTrafficPolicy policy) {
        Mesh mesh = MeshTesting.manual(Mesh.builder(), clock, new SplittableRandom(7))
                .config(TextConfigSource.of("rules.yaml", RULES))
                .outboundTrafficPolicy(policy)
                .observer(log)
                .build();
        meshes.add(mesh);
        return mesh;
    }

    private String lineOf(ScriptedExchange exchange) {
        return lineOf(mesh(OutboundTrafficPolicy.ALLOW_ANY), exchange);
    }

    private String lineOf(Mesh mesh, ScriptedExchange exchange) {
        try {
            mesh.execute(exchange).close();
        } catch (IOException told) {
            assertThat(told).isNotNull();
        }
        return kept.line();
    }

    private static ScriptedExchange get(String path, Server server) {
        return ScriptedExchange.get("http://reviews:9080" + path, server);
    }

    @Test
    void aCallThatIsAnswered() {
        assertThat(lineOf(get("/reviews/0?a=b", attempt -> {
                    clock.advance(Duration.ofMillis(250));
                    return Reply.of(201, "made");
                })))
                .isEqualTo(
                        "[2026-01-02T03:04:05.006Z] \"GET /reviews/0?a=b HTTP/1.1\" 201 - via_upstream - \"-\" 0 0 250 250"
                                + " \"-\" \"-\" \"-\" \"ratings\" \"10.0.0.1:9080\" outbound|9080||reviews.default.svc.cluster.local - - - - usual");
    }

    @Test
    void everyOtherEndInEnvoysWords() {
        assertThat(lineOf(get("/reviews/0", attempt -> {
                    throw new ConnectException("refused");
                })))
                .contains(
                        "\" 503 URX,UF upstream_reset_before_response_started{remote_connection_failure} - \"",
                        "refused\" 0 0 ");
        assertThat(lineOf(get("/reviews/0", attempt -> {
                    throw new IOException("broken");
                })))
                .contains("\" 503 UC upstream_reset_before_response_started{connection_termination} - \"-\" ");
        assertThat(lineOf(get("/slow", attempt -> {
                    clock.advance(Duration.ofSeconds(1));
                    throw new IOException("Canceled");
                })))
                .contains("\" 504 UT response_timeout - ", " 1000 - ");
        assertThat(lineOf(get("/empty", ScriptedExchange::echoEndpoint)))
                .contains(
                        "\" 503 UH no_healthy_upstream - ",
                        "\"-\" outbound|9080|v9|reviews.default.svc.cluster.local - - - - empty");
        assertThat(lineOf(get("/unknown", ScriptedExchange::echoEndpoint))).contains("\" 503 NC cluster_not_found - ");
        assertThat(lineOf(get("/none", ScriptedExchange::echoEndpoint)))
                .contains("\" 404 NR route_not_found - ", "\"-\" - - - - - -");
        assertThat(lineOf(get("/moved", ScriptedExchange::echoEndpoint))).contains("\" 301 - direct_response - ");
        assertThat(lineOf(get("/fault", ScriptedExchange::echoEndpoint))).contains("\" 418 FI fault_filter_abort - ");
    }

    @Test
    void callsToHostsThatTheMeshDoesNotKnow() {
        ScriptedExchange call = ScriptedExchange.get("http://example.com/", ScriptedExchange::echoEndpoint);

        assertThat(lineOf(call)).contains("\"example.com\" \"-\" PassthroughCluster - - - - -");
        assertThat(lineOf(mesh(OutboundTrafficPolicy.REGISTRY_ONLY), call))
                .contains("\" 502 - direct_response - ", "\"example.com\" \"-\" BlackHoleCluster - - - - -");
    }

    @Test
    @SuppressWarnings("try") // The scope is there to be closed.
    void theIdOfTheRequestThatACallIsMadeFor() {
        InboundContext inbound =
                InboundContext.builder().header("x-request-id", "42").build();
        try (Scope scope = inbound.open()) {
            assertThat(lineOf(get("/reviews/0", ScriptedExchange::echoEndpoint)))
                    .contains(" \"42\" \"ratings\" ");
        }
    }

    @Test
    void nothingIsMadeWhileNobodyWantsIt() throws IOException {
        Mesh mesh = mesh(OutboundTrafficPolicy.ALLOW_ANY);
        kept.open = false;
        mesh.execute(get("/reviews/0", ScriptedExchange::echoEndpoint)).close();
        assertThat(log.requestStarted(request("/"))).isSameAs(InboundObservation.NONE);
        kept.open = true;
        assertThat(kept.entries).isEmpty();
        mesh.execute(get("/reviews/0", ScriptedExchange::echoEndpoint)).close();
        assertThat(kept.entries).hasSize(1);
    }

    private static StartedRequest request(String path) {
        return new StartedRequest(
                new SimpleRequestHead(
                        "POST",
                        "http",
                        "shop.example",
                        80,
                        path,
                        List.of(
                                new HeaderField("User-Agent", "curl"),
                                new HeaderField("x-request-id", "7"),
                                new HeaderField("X-Forwarded-For", "1.2.3.4"),
                                new HeaderField("x-forwarded-for", "5.6.7.8"))),
                new InboundConnection("fd00::2", 40001, "fd00::1", 8080, false),
                null);
    }

    @Test
    void aRequestThatCameIn() {
        InboundObservation observation = log.requestStarted(request("/cart"));
        observation.ended(new EndedRequest(200, null, 12, -1, 3_000_000));

        assertThat(kept.line())
                .isEqualTo("[2026-01-02T03:04:05.006Z] \"POST /cart HTTP/1.1\" 200 - via_upstream - \"-\" 12 - 3 -"
                        + " \"1.2.3.4,5.6.7.8\" \"curl\" \"7\" \"shop.example\" \"[fd00::1]:8080\" inbound|8080|| -"
                        + " [fd00::1]:8080 [fd00::2]:40001 - default");
    }

    @Test
    void aRequestThatWasRefused() {
        Function<EndedRequest, String> ended = end -> {
            log.requestStarted(request("/cart")).ended(end);
            return kept.line();
        };
        assertThat(ended.apply(new EndedRequest(429, ResponseFlag.RL, 0, 12, 1)))
                .contains("\" 429 RL local_rate_limited - ", " \"-\" inbound|8080|| ");
        assertThat(ended.apply(new EndedRequest(403, ResponseFlag.UAEX, 0, 12, 1)))
                .contains("\" 403 UAEX rbac_access_denied - ");
        assertThat(ended.apply(new EndedRequest(401, ResponseFlag.UAEX, 0, 12, 1)))
                .contains("\" 401 UAEX jwt_authn_access_denied - ");
        assertThat(ended.apply(new EndedRequest(0, ResponseFlag.DC, 0, 12, 1)))
                .contains("\" 0 DC downstream_remote_disconnect - ");
    }

    /** The request and the call that is made for it are one line; the next call on the thread is one of its own. */
    @Test
    void aRequestAtAGateway() {
        Mesh mesh = mesh(OutboundTrafficPolicy.ALLOW_ANY);
        InboundObservation observation = log.requestStarted(request("/cart"));
        observation.forwardingStarted();
        try {
            mesh.execute(get("/reviews/0", ScriptedExchange::echoEndpoint)).close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        assertThat(kept.entries).isEmpty();
        observation.forwardingEnded();
        observation.ended(new EndedRequest(200, null, 12, 34, 3_000_000));

        assertThat(kept.entries)
                .singleElement()
                .satisfies(entry -> assertThat(entry.direction()).isEqualTo(AccessLogEntry.Direction.GATEWAY));
        assertThat(kept.line())
                .startsWith("[2026-01-02T03:04:05.006Z] \"POST /cart HTTP/1.1\" 200 - via_upstream - \"-\" 12 34 3 ")
                .endsWith(
                        "\"10.0.0.1:9080\" outbound|9080||reviews.default.svc.cluster.local - [fd00::1]:8080 [fd00::2]:40001 - usual");
        assertThat(lineOf(mesh, get("/none", ScriptedExchange::echoEndpoint))).contains("\" 404 NR ");
    }

    @Test
    void aRequestThatAGatewayRefuses() {
        InboundObservation observation = log.requestStarted(request("/cart"));
        observation.forwardingStarted();
        observation.forwardingEnded();
        observation.ended(new EndedRequest(400, ResponseFlag.DPE, 0, 12, 1));

        assertThat(kept.line()).contains("\" 400 DPE codec_error - ").endsWith("[fd00::2]:40001 - -");
    }
}
