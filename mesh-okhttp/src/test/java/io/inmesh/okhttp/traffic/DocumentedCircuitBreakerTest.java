package io.inmesh.okhttp.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.StateTransition;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.inmesh.Mesh;
import io.inmesh.call.MeshException;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.event.ResponseFlag;
import io.inmesh.observe.Overflow;
import io.inmesh.okhttp.MeshOkHttp;
import io.inmesh.resilience4j.RegistryCircuitBreakers;
import io.inmesh.testing.Collector;
import io.inmesh.testing.LeakCheck;
import io.inmesh.testing.RecordingObserver;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The example of docs/traffic.md, "Circuit breakers", over real sockets with a real registry whose clock the test has. */
class DocumentedCircuitBreakerTest {
    private static final Request CALL =
            new Request.Builder().url("http://reviews:9080/").build();

    @RegisterExtension
    final LeakCheck leaks = new LeakCheck();

    private final SetClock clock = new SetClock();
    private final CircuitBreakerRegistry registry = CircuitBreakerRegistry.ofDefaults();
    private final List<StateTransition> transitions = new CopyOnWriteArrayList<>();
    private final RecordingObserver observer = new RecordingObserver();
    private CircuitBreaker breaker;
    private ScriptedBackend backend;
    private Mesh mesh;
    private OkHttpClient client;

    /** Stands where it was set. */
    private static final class SetClock extends Clock {
        private volatile Instant now = Instant.EPOCH;

        void advance(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }

    @BeforeEach
    void start() throws IOException {
        breaker = registry.circuitBreaker(
                "reviews",
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(2)
                        .minimumNumberOfCalls(2)
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .waitDurationInOpenState(Duration.ofMillis(300))
                        .clock(clock)
                        .build());
        breaker.getEventPublisher().onStateTransition(event -> transitions.add(event.getStateTransition()));
        backend = ScriptedBackend.start("a");
        mesh = leaks.watch(Mesh.builder()
                .config(TextConfigSource.of(
                        "rules.yaml",
                        TrafficPage.example("Circuit breakers", "circuit-breaker") + """
                        ---
                        apiVersion: networking.istio.io/v1
                        kind: ServiceEntry
                        metadata: {name: reviews}
                        spec:
                          hosts: [reviews.default.svc.cluster.local]
                          resolution: STATIC
                          ports: [{number: 9080, name: http, protocol: HTTP}]
                          endpoints: [{address: 127.0.0.1, ports: {http: %d}}]
                        """.formatted(backend.port())))
                .circuitBreakers(RegistryCircuitBreakers.of(registry))
                .observer(observer)
                .build());
        client = MeshOkHttp.builder(mesh).build();
    }

    @AfterEach
    void close() throws IOException {
        backend.close();
        client.dispatcher().executorService().shutdownNow();
    }

    private int call() throws IOException {
        try (Response response = client.newCall(CALL).execute()) {
            response.body().string();
            return response.code();
        }
    }

    private void isRefused() {
        MeshException refused = catchThrowableOfType(MeshException.class, this::call);
        assertThat(refused.flags()).containsExactly(ResponseFlag.UO);
        assertThat(refused).hasMessageContaining("circuit breaker reviews refuses it (OPEN)");
    }

    @Test
    void opensRefusesAndCloses() throws IOException {
        backend.plan("503");
        assertThat(call()).isEqualTo(503);
        assertThat(call()).isEqualTo(503);

        isRefused();
        isRefused();
        assertThat(mesh.explain("GET", CALL.url().toString(), Map.of()).why())
                .contains("circuit breaker reviews: OPEN");
        assertThat(backend.requests()).hasSize(2);
        assertThat(backend.connections()).isEqualTo(1);
        assertThat(observer.overflows()).containsExactly(Overflow.CIRCUIT_BREAKER, Overflow.CIRCUIT_BREAKER);

        backend.plan("200");
        clock.advance(Duration.ofMillis(301));
        assertThat(call()).isEqualTo(200);
        assertThat(call()).isEqualTo(200);

        assertThat(transitions)
                .containsExactly(
                        StateTransition.CLOSED_TO_OPEN,
                        StateTransition.OPEN_TO_HALF_OPEN,
                        StateTransition.HALF_OPEN_TO_CLOSED);
        assertThat(mesh.status().problems()).isEmpty();
    }

    @Test
    void opensAgainWhenTheCallOfTheHalfOpenStateFails() throws IOException {
        backend.close();
        assertThatThrownBy(this::call).isInstanceOf(IOException.class);
        assertThatThrownBy(this::call).isInstanceOf(IOException.class);
        isRefused();

        clock.advance(Duration.ofMillis(301));
        assertThatThrownBy(this::call).isInstanceOf(IOException.class).hasMessageNotContaining("circuit breaker");

        isRefused();
        assertThat(transitions)
                .containsExactly(
                        StateTransition.CLOSED_TO_OPEN,
                        StateTransition.OPEN_TO_HALF_OPEN,
                        StateTransition.HALF_OPEN_TO_OPEN);
        assertThat(backend.connections()).isZero();
    }

    @Test
    void aBodyThatBreaksOffIsAFailure() throws IOException {
        backend.plan("200,body-delay=60000");

        try (Response response = client.newCall(CALL).execute()) {
            backend.kill();
            assertThatThrownBy(() -> response.body().string()).isInstanceOf(IOException.class);
        }

        assertThat(breaker.getMetrics().getNumberOfFailedCalls()).isEqualTo(1);
    }

    @Test
    void aCallThatIsCancelledGivesItsPermissionBack() throws Exception {
        breaker.transitionToOpenState();
        breaker.transitionToHalfOpenState();
        backend.plan("200,delay=60000");
        CountDownLatch over = new CountDownLatch(1);
        Call canceled = client.newCall(CALL);
        canceled.enqueue(new Callback() {
            @Override
            public void onFailure(Call call, IOException failure) {
                over.countDown();
            }

            @Override
            public void onResponse(Call call, Response response) {
                response.close();
            }
        });
        assertThat(backend.take().method()).isEqualTo("GET");
        assertThat(breaker.tryAcquirePermission()).as("the only one").isFalse();

        canceled.cancel();

        assertThat(over.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(breaker.getMetrics().getNumberOfBufferedCalls()).isZero();
        backend.plan("200");
        assertThat(call()).isEqualTo(200);
        assertThat(breaker.getState()).isEqualTo(State.CLOSED);
    }

    @Test
    void anAnswerThatIsDroppedIsCountedOnceItIsNoticed() throws Exception {
        drop();

        Collector.collectUntil(() -> mesh.status().attempts().running() == 0);

        assertThat(breaker.getMetrics().getNumberOfSuccessfulCalls()).isEqualTo(1);
    }

    /** Nobody asks for the state of the mesh, and every other call is refused. */
    @Test
    void anAnswerThatIsDroppedKeepsNoHalfOpenBreakerShut() throws Exception {
        breaker.transitionToOpenState();
        breaker.transitionToHalfOpenState();
        drop();

        Collector.collectUntil(() -> {
            try {
                return call() == 200;
            } catch (IOException refused) {
                return false;
            }
        });

        assertThat(breaker.getState()).isEqualTo(State.CLOSED);
    }

    @Test
    void aServerThatHangsIsAFailureWhoseverTimeoutEndsIt() {
        backend.plan("200,delay=60000");
        OkHttpClient impatient =
                client.newBuilder().readTimeout(Duration.ofMillis(100)).build();

        assertThatThrownBy(() -> impatient.newCall(CALL).execute()).isInstanceOf(SocketTimeoutException.class);

        assertThat(breaker.getMetrics().getNumberOfFailedCalls()).isEqualTo(1);
    }

    private void drop() throws IOException {
        assertThat(client.newCall(CALL).execute().code()).isEqualTo(200);
    }
}
