package io.inmesh.kubernetes.internal.reflect;

import static io.inmesh.kubernetes.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.kubernetes.testing.Fault;
import io.inmesh.kubernetes.testing.ScriptedApiServer.Request;
import io.inmesh.kubernetes.testing.ScriptedApiServer.Verb;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An API server that fails, is busy, or refuses: of C3 to C9 of the fault table. */
class ReflectorRefusalsTest {
    private static final ReflectorSettings SETTINGS =
            ReflectorSettings.builder().pageSize(10).build();

    private ReflectorRig rig;

    @AfterEach
    void close() {
        rig.close();
    }

    private void begin(boolean watchLists, int objects) {
        rig = ReflectorRig.watching(watchLists, objects, SETTINGS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void slowsDownWhenWatchesEndAtOnce(boolean watchLists) {
        begin(watchLists, 3);
        long since = rig.timing.nanoTime();

        rig.server.always(Verb.WATCH, Fault.endAtOnce());
        rig.server.always(Verb.WATCH_LIST, Fault.endAtOnce());
        rig.server.endWatches();
        eventually(() ->
                assertThat(Duration.ofNanos(rig.timing.nanoTime() - since)).isGreaterThan(Duration.ofSeconds(60)));

        assertThat(rig.server.requests().stream()
                        .filter(request -> request.verb() != Verb.LIST)
                        .filter(request -> request.nanos() - since < TimeUnit.SECONDS.toNanos(60)))
                .hasSizeLessThanOrEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void leavesTheServerAloneForAsLongAsItAsks(int code) {
        begin(true, 3);

        rig.server.next(Verb.WATCH, Fault.status(code, "", "busy").retryAfter("5"));
        rig.server.next(Verb.WATCH, Fault.status(code, "", "busy").retryAfter("5"));
        rig.server.endWatches();
        eventually(() -> assertThat(rig.server.requests()).hasSize(3));

        assertGaps(Duration.ofSeconds(5));
        assertThat(rig.lists()).isZero();
    }

    @Test
    void readsRetryAfterAsADate() {
        begin(true, 3);

        Instant date = Instant.parse("2026-03-01T10:00:00Z");
        DateTimeFormatter http = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);
        rig.server.next(
                Verb.WATCH,
                Fault.status(503, "", "busy")
                        .header("Date", http.format(date))
                        .retryAfter(http.format(date.plusSeconds(5))));
        rig.server.endWatches();
        eventually(() -> assertThat(rig.server.requests()).hasSize(2));

        assertGaps(Duration.ofSeconds(5));
    }

    @Test
    void obeysRetryAfterForTheFirstListToo() {
        rig = ReflectorRig.with(true);
        rig.putMany(3);
        rig.server.next(
                Verb.WATCH_LIST, Fault.status(429, "TooManyRequests", "busy").retryAfter("5"));
        rig.start(SETTINGS);
        rig.seesTruth();

        assertGaps(Duration.ofSeconds(5));
    }

    /** Between all requests; and that long was slept on purpose, whatever the machine took for the rest. */
    private void assertGaps(Duration pause) {
        List<Request> requests = rig.server.requests();
        for (int i = 1; i < requests.size(); i++) {
            assertThat(Duration.ofNanos(
                            requests.get(i).nanos() - requests.get(i - 1).nanos()))
                    .isGreaterThanOrEqualTo(pause);
        }
        assertThat(rig.timing.sleeps())
                .filteredOn(slept -> slept.compareTo(pause) >= 0)
                .hasSize(requests.size() - 1)
                .containsOnly(pause);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 429, 504})
    void goesOnFromItsVersionAfterAnErrorOfTheServer(int code) {
        begin(false, 3);

        for (int i = 0; i < 5; i++) {
            rig.server.next(Verb.WATCH, Fault.status(code, "", "out of order"));
        }
        rig.server.next(Verb.WATCH, Fault.reset());
        rig.server.next(Verb.WATCH, Fault.cut("{\"type\":"));
        rig.server.resetConnections();
        rig.put("t1", "meanwhile");

        rig.seesTruth();
        assertThat(rig.lists()).isZero();
        assertThat(rig.view.replacements()).isEqualTo(1);
    }

    @Test
    void tellsOnceThatItIsRefusedAndKeepsWhatItKnows() {
        begin(true, 3);

        Fault.Status forbidden = Fault.status(403, "Forbidden", "things.example.org is forbidden: cannot watch");
        rig.server.always(Verb.WATCH, forbidden);
        rig.server.always(Verb.WATCH_LIST, forbidden);
        rig.server.always(Verb.LIST, forbidden);
        long since = rig.timing.nanoTime();
        rig.server.endWatches();
        eventually(() ->
                assertThat(Duration.ofNanos(rig.timing.nanoTime() - since)).isGreaterThan(Duration.ofMinutes(5)));
        assertThat(rig.view.values()).hasSize(3);
        assertThat(rig.view.refusals()).hasSize(1);
        assertThat(rig.view.refusals().get(0).message()).contains("things.example.org is forbidden: cannot watch");
        assertThat(rig.server.requests().stream()
                        .filter(request -> request.nanos() - since < TimeUnit.MINUTES.toNanos(5)))
                .as("a slow pace")
                .hasSizeLessThan(60);

        rig.server.heal();
        Duration healed = rig.timing.slept();
        rig.put("t1", "allowed again");
        rig.seesTruth();
        assertThat(rig.timing.slept().minus(healed)).isLessThan(Duration.ofSeconds(60));
    }

    @Test
    void tellsThatTheServerHasNoSuchResource() {
        rig = ReflectorRig.with(true);
        rig.server.doesNotServe(Thing.PATH);
        rig.start(SETTINGS);

        eventually(() -> assertThat(rig.view.refusals())
                .extracting(ReflectorListener.Refusal::reason)
                .containsExactly(ReflectorListener.Refusal.Reason.NOT_SERVED));
        rig.server.doesNotServe();
        rig.putMany(2);
        rig.seesTruth();
        assertThat(rig.view.refusals()).hasSize(1);
    }

    @Test
    void livesOnListsWhereWatchingIsForbidden() {
        rig = ReflectorRig.with(true);
        Fault.Status forbidden = Fault.status(403, "Forbidden", "cannot watch");
        rig.server.always(Verb.WATCH, forbidden);
        rig.server.always(Verb.WATCH_LIST, forbidden);
        rig.putMany(3);
        rig.start(SETTINGS);
        rig.seesTruth();

        rig.put("t1", "changed");
        rig.delete("t2");
        rig.seesTruth();
    }
}
