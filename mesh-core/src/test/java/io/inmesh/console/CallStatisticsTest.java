package io.inmesh.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.inmesh.call.AttemptTraffic;
import io.inmesh.call.SimpleRequestHead;
import io.inmesh.console.Window.Count;
import io.inmesh.console.Window.Sums;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.observe.CallObservation;
import io.inmesh.observe.EndedAttempt;
import io.inmesh.observe.EndedCall;
import io.inmesh.observe.Retry;
import io.inmesh.observe.StartedAttempt;
import io.inmesh.observe.StartedCall;
import io.inmesh.testing.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CallStatisticsTest {
    private static final String CLUSTER = "outbound|9080||reviews.default.svc.cluster.local";
    private static final Endpoint V1 = Endpoint.builder("a", "10.0.0.1", 80)
            .labels(Map.of("version", "v1"))
            .build();

    private final ManualClock clock = new ManualClock();
    private final CallStatistics statistics = new CallStatistics(clock);

    private CallObservation started(String url, @Nullable String cluster) {
        StartedCall.Handling handling =
                cluster == null ? StartedCall.Handling.PASSED_THROUGH : StartedCall.Handling.FORWARDED;
        Map<String, List<String>> headers = Map.of("authorization", List.of("Bearer s3cret"));
        return statistics.callStarted(new StartedCall(
                SimpleRequestHead.of("GET", url, headers), handling, "default/reviews", "all", cluster));
    }

    private void call(int status, @Nullable ResponseFlag flag, long millis) {
        long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
        CallObservation call = started("http://reviews:9080/a", CLUSTER);
        assertThat(call.attemptStarted(new StartedAttempt(1, V1, "reviews", "/a", new AttemptTraffic())))
                .isEmpty();
        call.attemptEnded(new EndedAttempt(1, V1, new Outcome.Responded(status), nanos, nanos));
        call.ended(new EndedCall(status, flag, 1, nanos));
    }

    private Sums sums() {
        Sums sums = new Sums();
        statistics.all().forEach(calls -> calls.window.addTo(sums, statistics.sinceStartNanos()));
        return sums;
    }

    @Test
    void countsWhatFailedByTheServiceAndNotByItsCaller() {
        call(200, null, 1);
        call(404, null, 1);
        call(503, null, 1);
        call(0, ResponseFlag.UT, 1);
        call(0, ResponseFlag.DC, 1);
        Sums sums = sums();
        assertThat(sums.calls()).isEqualTo(5);
        assertThat(sums.of(Count.CLIENT_ERROR)).isEqualTo(1);
        assertThat(sums.of(Count.FAILED)).isEqualTo(2);
        assertThat(sums.of(Count.CANCELED)).isEqualTo(1);
        assertThat(sums.success()).isEqualTo(0.5);
    }

    @Test
    void forgetsWhatIsOlderThanAMinute() {
        call(200, null, 1);
        clock.advance(Duration.ofSeconds(55));
        call(503, null, 1);
        assertThat(sums().calls()).isEqualTo(2);
        clock.advance(Duration.ofSeconds(10));
        assertThat(sums().calls()).isEqualTo(1);
        assertThat(sums().callsBySlot()).hasSize(13).endsWith(1, 0, 0);
        clock.advance(Duration.ofSeconds(60));
        assertThat(sums().calls()).isZero();
        assertThat(sums().success()).isEqualTo(-1);
        assertThat(statistics.all()).hasSize(1);
        clock.advance(Duration.ofMinutes(11));
        assertThat(statistics.all()).isEmpty();
    }

    @Test
    void keepsWhatIsInFlightHoweverLong() {
        CallObservation call = started("http://reviews:9080/a", CLUSTER);
        clock.advance(Duration.ofHours(1));
        assertThat(statistics.all())
                .singleElement()
                .satisfies(calls -> assertThat(calls.inFlight()).isEqualTo(1));
        call.ended(new EndedCall(200, null, 1, 1));
        assertThat(statistics.all())
                .singleElement()
                .satisfies(calls -> assertThat(calls.inFlight()).isZero());
    }

    @Test
    void countsACallThatComesWhileItsDestinationIsForgotten() {
        call(200, null, 1);
        ServiceCalls forgotten = statistics.all().get(0);
        assertThat(forgotten.forget()).isTrue();
        CallObservation call = started("http://reviews:9080/a", CLUSTER);
        assertThat(statistics.all())
                .singleElement()
                .isNotSameAs(forgotten)
                .satisfies(calls -> assertThat(calls.inFlight()).isEqualTo(1))
                .satisfies(calls -> assertThat(calls.forget()).isFalse());
        call.ended(new EndedCall(200, null, 1, 1));
        assertThat(sums().calls()).isEqualTo(1);
    }

    @Test
    void percentilesAreATenthOffAtMost() {
        for (int millis = 1; millis <= 1000; millis++) {
            call(200, null, millis);
        }
        Sums sums = sums();
        assertThat(sums.percentileMillis(0.5)).isCloseTo(500, within(50.0));
        assertThat(sums.percentileMillis(0.95)).isCloseTo(950, within(95.0));
        assertThat(sums.percentileMillis(0.99)).isCloseTo(990, within(99.0));
    }

    @Test
    void countsRetriesAndAttemptsByEndpoint() {
        CallObservation call = started("http://reviews:9080/a", CLUSTER);
        assertThat(call.attemptStarted(new StartedAttempt(1, V1, "reviews", "/a", new AttemptTraffic())))
                .isEmpty();
        call.attemptEnded(new EndedAttempt(1, V1, new Outcome.NeverSent(ResponseFlag.UF, "refused"), -1, 5));
        call.retried(new Retry(1, new Outcome.NeverSent(ResponseFlag.UF, "refused"), 0));
        assertThat(call.attemptStarted(new StartedAttempt(2, V1, "reviews", "/a", new AttemptTraffic())))
                .isEmpty();
        call.attemptEnded(new EndedAttempt(2, V1, new Outcome.Responded(200), 5, 5));
        call.ended(new EndedCall(200, null, 2, 10));
        assertThat(sums().of(Count.RETRIES)).isEqualTo(1);
        assertThat(sums().calls()).isEqualTo(1);
        Sums attempts = new Sums();
        statistics.all().get(0).endpoints.get("a").window.addTo(attempts, statistics.sinceStartNanos());
        assertThat(attempts.calls()).isEqualTo(2);
        assertThat(attempts.of(Count.FAILED)).isEqualTo(1);
    }

    @Test
    void countsHostsBeyondAHundredTogether() {
        for (int i = 0; i < 150; i++) {
            started("http://host" + i + "/", null).ended(new EndedCall(200, null, 0, 1));
        }
        assertThat(statistics.all()).hasSize(101);
        assertThat(sums().calls()).isEqualTo(150);
    }

    @Test
    void countsServicesBeyondAThousandTogetherAsServices() {
        for (int i = 0; i < 1010; i++) {
            started("http://s/", cluster(i)).ended(new EndedCall(200, null, 0, 1));
        }
        assertThat(statistics.all()).hasSize(1001).last().satisfies(others -> {
            assertThat(others.kind).isEqualTo(ServiceCalls.Kind.SERVICE);
            assertThat(others.host).isEqualTo("(other services)");
        });
        assertThat(sums().calls()).isEqualTo(1010);
    }

    private static String cluster(int number) {
        return "outbound|80||s" + number + ".default.svc.cluster.local";
    }

    @Test
    void forgetsForNewDestinationsThoughNobodyLooks() {
        for (int i = 0; i < 1000; i++) {
            started("http://s/", cluster(i)).ended(new EndedCall(200, null, 0, 1));
            started("http://host" + i % 100 + "/", null).ended(new EndedCall(200, null, 0, 1));
        }
        clock.advance(Duration.ofMinutes(11));
        started("http://s/", cluster(1000)).ended(new EndedCall(200, null, 0, 1));
        started("http://host100/", null).ended(new EndedCall(200, null, 0, 1));
        assertThat(statistics.all())
                .extracting(calls -> calls.host)
                .containsExactly("s1000.default.svc.cluster.local", "host100");
    }

    @Test
    void forgetsForNewEndpointsThoughNobodyLooks() {
        for (int i = 0; i < 2000; i++) {
            attempt(i);
        }
        attempt(2000);
        assertThat(statistics.all().get(0).endpoints).hasSize(2000);
        clock.advance(Duration.ofMinutes(11));
        attempt(2001);
        for (int i = 0; i < 1999; i++) {
            attempt(i);
        }
        attempt(1999);
        assertThat(statistics.all().get(0).endpoints).hasSize(2000).containsKey("2001");
    }

    private void attempt(int number) {
        CallObservation call = started("http://reviews:9080/a", CLUSTER);
        Endpoint endpoint =
                Endpoint.builder(Integer.toString(number), "10.0.0.1", 80).build();
        call.attemptEnded(new EndedAttempt(1, endpoint, new Outcome.Responded(200), 1, 1));
        call.ended(new EndedCall(200, null, 1, 1));
    }

    @Test
    void tailHoldsNoQueryAndNoHeaders() {
        started("http://reviews:9080/a?token=s3cret", CLUSTER).ended(new EndedCall(200, null, 0, 1));
        String document =
                JsonText.of(TailDocument.of(clock.now(), statistics.tail().from(0), 0));
        assertThat(document).contains("\"path\":\"/a\"", "\"query\":true").doesNotContain("s3cret");
    }

    @Test
    void tailKeepsTheLatest() {
        for (int i = 0; i < LiveTail.SIZE + 50; i++) {
            started("http://reviews:9080/" + i, CLUSTER).ended(new EndedCall(200, null, 0, 1));
        }
        List<TailEntry> entries = statistics.tail().from(0);
        assertThat(entries).hasSize(LiveTail.SIZE);
        assertThat(entries.get(0).path()).isEqualTo("/50");
        assertThat(statistics.tail().from(LiveTail.SIZE + 48)).hasSize(2);
        assertThat(statistics.tail().from(LiveTail.SIZE + 50)).isEmpty();
    }
}
