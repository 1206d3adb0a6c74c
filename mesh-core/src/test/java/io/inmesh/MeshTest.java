package io.inmesh;

import static io.inmesh.testing.Rules.config;
import static io.inmesh.testing.Rules.service;
import static io.inmesh.testing.Rules.toSubset;
import static io.inmesh.testing.Rules.versions;
import static io.inmesh.testing.Rules.workload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.inmesh.call.HeaderField;
import io.inmesh.call.MeshException;
import io.inmesh.config.ConfigException;
import io.inmesh.event.ResponseFlag;
import io.inmesh.explain.Explanation;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.ServiceEntry;
import io.inmesh.observe.CallObservation;
import io.inmesh.observe.EndedCall;
import io.inmesh.observe.MeshObserver;
import io.inmesh.observe.SourceStatus;
import io.inmesh.observe.StartedAttempt;
import io.inmesh.observe.StartedCall;
import io.inmesh.testing.FakeConfigSource;
import io.inmesh.testing.FakeEndpointSource;
import io.inmesh.testing.LeakCheck;
import io.inmesh.testing.ManualClock;
import io.inmesh.testing.RecordingObserver;
import io.inmesh.testing.ScriptedExchange;
import io.inmesh.testing.ScriptedExchange.By;
import io.inmesh.testing.ScriptedExchange.Reply;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MeshTest {
    private static final String HOST = "reviews.default.svc.cluster.local";
    private static final ServiceEntry REVIEWS =
            service(HOST, 9080, workload("127.0.0.11", "v1"), workload("127.0.0.12", "v2"));

    @RegisterExtension
    final LeakCheck leaks = new LeakCheck();

    private final RecordingObserver observer = new RecordingObserver();

    private static MeshConfig allTo(String version) {
        return config(toSubset(HOST, version), versions(HOST, "v1", "v2"), REVIEWS);
    }

    private Mesh mesh(FakeConfigSource source) {
        return leaks.watch(Mesh.builder().config(source).observer(observer).build());
    }

    @Test
    void followsTheRules() throws IOException {
        Mesh mesh = mesh(new FakeConfigSource("rules", allTo("v2")));

        Reply reply = mesh.execute(ScriptedExchange.get("http://reviews:9080/reviews/0"));

        assertThat(reply.read()).isEqualTo("127.0.0.12:9080");
        assertThat(observer.calls()).singleElement().satisfies(call -> {
            assertThat(call.status()).isEqualTo(200);
            assertThat(call.flag()).isNull();
            assertThat(call.cluster()).isEqualTo("outbound|9080|v2|" + HOST);
        });
    }

    @Test
    void unknownHostsArePassedThrough() throws IOException {
        Mesh mesh = mesh(new FakeConfigSource("rules", allTo("v1")));

        Reply reply = mesh.execute(ScriptedExchange.get("http://elsewhere/"));

        assertThat(reply.by()).isEqualTo(By.PASS_THROUGH);
        assertThat(observer.calls()).isEmpty();
    }

    @Test
    void unknownHostsAreBlockedWhenOnlyTheRegistryCounts() {
        Mesh mesh = leaks.watch(Mesh.builder()
                .config(new FakeConfigSource("rules", allTo("v1")))
                .outboundTrafficPolicy(OutboundTrafficPolicy.REGISTRY_ONLY)
                .build());

        assertThatExceptionOfType(MeshException.class)
                .isThrownBy(() -> mesh.execute(ScriptedExchange.get("http://elsewhere/")))
                .withMessageContaining("elsewhere")
                .satisfies(refused -> assertThat(refused.flag()).isEqualTo(ResponseFlag.BLOCKED));
        assertThat(mesh.knows("http", "elsewhere")).isTrue();
    }

    @Test
    void knowsHostsByPort() {
        Mesh mesh = mesh(new FakeConfigSource("rules", allTo("v1")));

        assertThat(mesh.knows("http", "reviews:9080")).isTrue();
        assertThat(mesh.knows("http", HOST + ":9080")).isTrue();
        assertThat(mesh.knows("http", "reviews")).isFalse();
        assertThat(mesh.knows("http", "ratings:9080")).isFalse();
        assertThat(mesh.knows("http", "reviews:port")).isFalse();
    }

    @Test
    void explainsARequest() {
        Mesh mesh = mesh(new FakeConfigSource("rules", allTo("v1")));

        Explanation explanation = mesh.explain("GET", "http://reviews:9080/reviews/0", Map.of());

        assertThat(explanation.decision()).isEqualTo(Explanation.Decision.FORWARD);
        assertThat(explanation.cluster()).isEqualTo("outbound|9080|v1|" + HOST);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> mesh.explain("GET", "/reviews/0", Map.of()))
                .withMessageContaining("http://");
    }

    @Test
    void listsRoutesAndServices() {
        Mesh mesh = mesh(new FakeConfigSource("rules", allTo("v1")));

        assertThat(mesh.routes())
                .containsOnlyKeys(HOST + ":9080")
                .allSatisfy((host, routes) -> assertThat(routes)
                        .singleElement()
                        .satisfies(route -> assertThat(route)
                                .contains("all: everything -> outbound|9080|v1|" + HOST, "default/" + HOST)));
        assertThat(mesh.services())
                .singleElement()
                .satisfies(service -> assertThat(service.endpoints().get(9080)).hasSize(2));
    }

    @Test
    void badRulesAtStartEndTheStart() {
        FakeConfigSource source = new FakeConfigSource("rules.yaml");
        FakeEndpointSource endpoints = new FakeEndpointSource("registry");
        source.refuse("no destination");

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(
                        () -> Mesh.builder().config(source).endpoints(endpoints).build())
                .withMessageContaining("rules.yaml:7:3: error: spec.http: no destination; mend it");
        assertThat(source.watched()).isFalse();
        assertThat(source.closed()).isTrue();
        assertThat(endpoints.closed()).isTrue();
    }

    @Test
    void badRulesLaterLeaveTheLastGoodInForce() throws IOException {
        ManualClock clock = new ManualClock();
        FakeConfigSource source = new FakeConfigSource("rules.yaml", allTo("v1"));
        Mesh mesh = leaks.watch(
                MeshTesting.manual(Mesh.builder().config(source).observer(observer), clock, new SplittableRandom(1))
                        .build());

        clock.advance(Duration.ofSeconds(3));
        source.refuse("no destination");

        assertThat(mesh.execute(ScriptedExchange.get("http://reviews:9080/")).read())
                .isEqualTo("127.0.0.11:9080");
        assertThat(observer.rejections())
                .singleElement()
                .satisfies(rejection -> assertThat(rejection.source()).isEqualTo("rules.yaml"));
        assertThat(mesh.status().hasErrors()).isTrue();
        assertThat(mesh.status().problems())
                .singleElement()
                .hasToString("rules.yaml:7:3: error: spec.http: no destination; mend it");
        assertThat(mesh.status().sources())
                .singleElement()
                .isEqualTo(new SourceStatus("rules.yaml", "config", false, Instant.parse("2026-01-01T00:00:00Z")));

        source.tell(allTo("v2"));

        assertThat(mesh.execute(ScriptedExchange.get("http://reviews:9080/")).read())
                .isEqualTo("127.0.0.12:9080");
        assertThat(mesh.status().problems()).isEmpty();
        assertThat(mesh.status().generation()).isEqualTo(2);
        assertThat(mesh.status().publishedAt()).isEqualTo("2026-01-01T00:00:03Z");
    }

    @Test
    void afterCloseCallsPassThroughAndWhatWasKnownCanBeRead() throws IOException {
        FakeConfigSource source = new FakeConfigSource("rules", allTo("v1"));
        Mesh mesh = mesh(source);
        Reply underWay = mesh.execute(ScriptedExchange.get("http://reviews:9080/"));

        mesh.close();
        mesh.close();

        assertThat(source.watched()).isFalse();
        assertThat(source.closed()).isTrue();
        assertThat(mesh.execute(ScriptedExchange.get("http://reviews:9080/")).by())
                .isEqualTo(By.PASS_THROUGH);
        assertThat(mesh.knows("http", "reviews:9080")).isFalse();
        assertThat(mesh.status().generation()).isEqualTo(1);
        assertThat(underWay.read()).isEqualTo("127.0.0.11:9080");
        assertThat(observer.calls()).hasSize(1);
    }

    @Test
    void anObserverThatThrowsHurtsNobody() throws IOException {
        MeshObserver broken = new MeshObserver() {
            @Override
            public void snapshotPublished(long version) {
                throw new IllegalStateException("broken observer");
            }

            @Override
            public CallObservation callStarted(StartedCall call) {
                return new CallObservation() {
                    @Override
                    public List<HeaderField> attemptStarted(StartedAttempt attempt) {
                        throw new IllegalStateException("broken observer");
                    }

                    @Override
                    public void ended(EndedCall ended) {
                        throw new AssertionError("broken observer");
                    }
                };
            }
        };
        Mesh mesh = leaks.watch(Mesh.builder()
                .config(new FakeConfigSource("rules", allTo("v1")))
                .observer(broken)
                .observer(observer)
                .build());

        assertThat(mesh.execute(ScriptedExchange.get("http://reviews:9080/")).read())
                .isEqualTo("127.0.0.11:9080");
        assertThat(observer.snapshots()).containsExactly(1L);
        assertThat(observer.calls()).hasSize(1);
    }

    @Test
    void headersOfAnObserverThatCannotBeSentAreLeftOut() throws IOException {
        for (HeaderField header : List.of(
                new HeaderField("baggage", "a\nb"),
                new HeaderField("trace id", "x"),
                new HeaderField("Host", "elsewhere"),
                new HeaderField(":path", "/"))) {
            RecordingObserver broken = new RecordingObserver();
            broken.adds(header);
            Mesh mesh = leaks.watch(Mesh.builder()
                    .config(new FakeConfigSource("rules", allTo("v1")))
                    .observer(broken)
                    .build());
            ScriptedExchange exchange = ScriptedExchange.get("http://reviews:9080/");

            mesh.execute(exchange).close();

            assertThat(exchange.attempts().get(0).headers()).as("%s", header).isNull();
        }
    }

    @Test
    void theOtherHeadersOfAnObserverAreSent() throws IOException {
        HeaderField good = new HeaderField("traceparent", "00-1");
        MeshObserver broken = new MeshObserver() {
            @Override
            public CallObservation callStarted(StartedCall call) {
                return new CallObservation() {
                    @Override
                    public List<HeaderField> attemptStarted(StartedAttempt attempt) {
                        return List.of(new HeaderField("baggage", "a\nb"), good);
                    }
                };
            }
        };
        Mesh mesh = leaks.watch(Mesh.builder()
                .config(new FakeConfigSource("rules", allTo("v1")))
                .observer(broken)
                .build());
        ScriptedExchange exchange = ScriptedExchange.get("http://reviews:9080/");

        mesh.execute(exchange).close();

        assertThat(exchange.attempts().get(0).headers()).containsExactly(good);
    }

    @Test
    void ofOneHeaderOfTwoObserversTheLaterIsSent() throws IOException {
        RecordingObserver first = new RecordingObserver();
        first.adds(new HeaderField("traceparent", "1"), new HeaderField("x", "1"));
        RecordingObserver second = new RecordingObserver();
        second.adds(new HeaderField("Traceparent", "2"));
        Mesh mesh = leaks.watch(Mesh.builder()
                .config(new FakeConfigSource("rules", allTo("v1")))
                .observer(first)
                .observer(second)
                .build());
        ScriptedExchange exchange = ScriptedExchange.get("http://reviews:9080/");

        mesh.execute(exchange).close();

        assertThat(exchange.attempts().get(0).headers())
                .containsExactly(new HeaderField("x", "1"), new HeaderField("Traceparent", "2"));
    }

    @Test
    void withoutAnySourceEverythingIsPassedThrough() throws IOException {
        Mesh mesh = leaks.watch(Mesh.builder().build());

        assertThat(mesh.execute(ScriptedExchange.get("http://reviews/")).by()).isEqualTo(By.PASS_THROUGH);
        assertThat(mesh.status().sources()).isEmpty();
    }

    @Test
    void durationsThatMakeNoSenseAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Mesh.builder().dnsTtl(Duration.ZERO).build())
                .withMessageContaining("below 1 s");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Mesh.builder().firstAnswerWait(Duration.ofSeconds(-1)).build())
                .withMessageContaining("negative");
    }
}
