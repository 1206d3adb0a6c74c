package io.inmesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.call.MeshException;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.event.Ejection;
import io.inmesh.testing.LeakCheck;
import io.inmesh.testing.ManualClock;
import io.inmesh.testing.RecordingObserver;
import io.inmesh.testing.ScriptedExchange;
import io.inmesh.testing.ScriptedExchange.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clocks that overflow, step and jump. Dn: that fault of the test plan. */
class ClockFaultTest {
    private static final String URL = "http://reviews:9080/";
    private static final Duration PER_TRY = Duration.ofSeconds(1);
    private static final Duration EJECTED_FOR = Duration.ofSeconds(5);
    private static final String RULES = """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: reviews}
            spec:
              hosts: [reviews.default.svc.cluster.local]
              resolution: STATIC
              ports: [{number: 9080, name: http, protocol: HTTP}]
              endpoints: [%s]
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: reviews}
            spec:
              host: reviews
              trafficPolicy:
                loadBalancer: {simple: ROUND_ROBIN}
                retryBudget: {percent: 20, minRetryConcurrency: 3}
                outlierDetection: {consecutive5xxErrors: 3, interval: 1s, baseEjectionTime: 5s, maxEjectionPercent: 100}
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: reviews}
            spec:
              hosts: [reviews]
              http:
              - timeout: 3s
                retries: {attempts: 4, retryOn: "5xx", perTryTimeout: 1s}
                route: [{destination: {host: reviews}}]
            """.formatted(IntStream.rangeClosed(1, 10)
            .mapToObj(i -> "{address: 10.0.0.%d}".formatted(i))
            .collect(Collectors.joining(", ")));

    @RegisterExtension
    final LeakCheck leaks = new LeakCheck();

    private final RecordingObserver observer = new RecordingObserver();
    private ManualClock clock = new ManualClock();
    private Mesh mesh = Mesh.builder().build();

    private void start(ManualClock newClock) {
        mesh.close();
        clock = newClock;
        mesh = leaks.watch(MeshTesting.manual(Mesh.builder(), clock, new SplittableRandom(1))
                .config(TextConfigSource.of("rules.yaml", RULES))
                .observer(observer)
                .build());
    }

    /** D14: the clock overflows, or passes zero, or is far on, while hosts are ejected and calls are under way. */
    @ParameterizedTest
    @ValueSource(
            longs = {
                Long.MAX_VALUE - 2_500_000_000L,
                Long.MAX_VALUE - 8_000_000_000L,
                Long.MIN_VALUE,
                -2_500_000_000L,
                5_000_000_000_000_000L
            })
    void whereTheClockBeganMakesNoDifference(long origin) throws IOException {
        start(new ManualClock());
        List<String> usual = story(Duration.ZERO);
        start(new ManualClock(origin));

        assertThat(story(Duration.ZERO)).isEqualTo(usual);
    }

    /** D14. */
    @ParameterizedTest
    @ValueSource(ints = {-1, 1})
    void aStepOfTheWallClockMakesNoDifference(int hours) throws IOException {
        start(new ManualClock());
        List<String> usual = story(Duration.ZERO);
        start(new ManualClock());

        assertThat(story(Duration.ofHours(hours))).isEqualTo(usual);
    }

    /** What becomes of calls, back-offs, deadlines and an ejection, with a step of the wall clock amidst. */
    private List<String> story(Duration step) throws IOException {
        final int before = observer.ejected().size();
        List<String> told = new ArrayList<>();
        told.add("a host fails: " + calls(40, "10.0.0.4"));
        assertThat(observer.ejected()).hasSize(before + 1);
        assertThat(clock.sleeps()).isNotEmpty();
        clock.advance(Duration.ofSeconds(2));
        clock.stepWall(step);
        assertThat(used(20)).doesNotContain("10.0.0.4").hasSize(9);

        told.add("slow once: " + slow(1, PER_TRY.minusMillis(1)));
        assertThat(told).last().asString().endsWith("200 after 999 ms, 1 attempts");
        told.add("too slow once: " + slow(1, PER_TRY));
        assertThat(told).last().asString().contains("200 after 10").endsWith("2 attempts");
        told.add("too slow always: " + slow(9, PER_TRY));
        assertThat(told)
                .last()
                .asString()
                .startsWith("too slow always: 504 after 30")
                .endsWith("3 attempts");

        assertThat(observer.ejected()).hasSize(before + 1);
        assertThat(observer.readmitted()).hasSize(before + 1);
        assertThat(used(20)).hasSize(10);
        clock.advance(Duration.ofMinutes(10));
        assertThat(used(20)).hasSize(10);
        Ejection ejection = observer.ejected().get(before);
        assertThat(Duration.between(ejection.since(), ejection.until())).isGreaterThanOrEqualTo(EJECTED_FOR);
        told.add("back-offs: " + clock.sleeps());
        told.add("ejected: " + ejection.endpoint().address() + " for "
                + Duration.between(ejection.since(), ejection.until()));
        return told;
    }

    /** Statuses of calls, one after the other, while a host fails. */
    private String calls(int count, String failing) throws IOException {
        StringBuilder statuses = new StringBuilder();
        for (int i = 0; i < count; i++) {
            Reply reply = mesh.execute(ScriptedExchange.get(URL, attempt -> {
                String address = attempt.endpoint().address();
                return Reply.of(address.equals(failing) ? 503 : 200, address);
            }));
            statuses.append(reply.status()).append(' ');
            reply.close();
        }
        return statuses.toString();
    }

    private List<String> used(int calls) throws IOException {
        List<String> used = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            Reply reply = mesh.execute(ScriptedExchange.get(
                    URL, attempt -> Reply.of(200, attempt.endpoint().address())));
            assertThat(reply.status()).isEqualTo(200);
            used.add(reply.read());
        }
        return used.stream().distinct().toList();
    }

    /** A call whose first attempts take their time. */
    private String slow(int attempts, Duration time) throws IOException {
        long start = clock.nanoTime();
        ScriptedExchange[] self = new ScriptedExchange[1];
        self[0] = ScriptedExchange.get(URL, attempt -> {
            if (attempt.number() <= attempts) {
                clock.advance(time);
                endIfCanceled(self[0], attempt.number());
            }
            return Reply.of(200, "");
        });
        int status;
        try {
            Reply reply = mesh.execute(self[0]);
            status = reply.status();
            reply.close();
        } catch (MeshException refused) {
            status = refused.status();
        }
        return "%d after %d ms, %d attempts"
                .formatted(
                        status,
                        TimeUnit.NANOSECONDS.toMillis(clock.nanoTime() - start),
                        self[0].attempts().size());
    }

    private static void endIfCanceled(ScriptedExchange exchange, int attempt) throws IOException {
        if (exchange.canceledAttempts().contains(attempt)) {
            throw new IOException("broken off");
        }
    }

    /** D15. */
    @Test
    void anEjectionEndsWithTheJumpThatCarriesItPastItsEnd() throws IOException {
        start(new ManualClock());
        String statuses = calls(40, "10.0.0.4");
        assertThat(statuses).doesNotContain("503");
        assertThat(observer.ejected()).hasSize(1);

        clock.jump(Duration.ofSeconds(30));

        assertThat(observer.readmitted()).isEqualTo(observer.ejected());
        assertThat(used(20)).hasSize(10);
        assertThat(calls(40, "10.0.0.7")).doesNotContain("503");
        assertThat(observer.ejected())
                .extracting(ejection -> ejection.endpoint().address())
                .containsExactly("10.0.0.4", "10.0.0.7");
    }
}
