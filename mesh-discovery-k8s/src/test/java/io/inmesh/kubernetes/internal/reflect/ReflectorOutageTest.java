package io.inmesh.kubernetes.internal.reflect;

import static io.inmesh.kubernetes.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.kubernetes.internal.resource.ObjectKey;
import io.inmesh.kubernetes.internal.time.Timing;
import io.inmesh.kubernetes.testing.Fault;
import io.inmesh.kubernetes.testing.ScriptedApiServer.Verb;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Outages and the end: C2 (half-open), closing and threads. */
class ReflectorOutageTest {
    /** Times are a tenth of the real ones. */
    private static ReflectorSettings.Builder quick() {
        return ReflectorSettings.builder()
                .silence(Duration.ofMillis(4500))
                .probation(Duration.ofSeconds(3))
                .listTimeout(Duration.ofSeconds(3))
                .backoff(Duration.ofMillis(80), Duration.ofSeconds(3))
                .unreachableBackoff(Duration.ofMillis(400));
    }

    @Test
    void noticesAConnectionThatIsHalfOpen() {
        try (ReflectorRig rig = ReflectorRig.with(true)) {
            rig.putMany(3);
            rig.start(quick().build(), Timing.system());
            rig.seesTruth();
            rig.watches();

            rig.server.freeze();
            eventually(() -> assertThat(rig.counts().silences()).isEqualTo(1));
            assertThat(rig.status().lastFailure())
                    .matches("nothing has come from the API server at http://127\\.0\\.0\\.1:\\d+ for so long that the"
                            + " connection may be dead; .*");
            assertThat(rig.view.values()).isEqualTo(rig.truth());

            rig.put("t1", "meanwhile");
            rig.delete("t2");
            rig.server.heal();
            rig.seesTruth();
            assertThat(rig.counts().lists()).as("the position was still good").isEqualTo(1);
        }
    }

    /** A watch in the middle of a line, a list in the middle of an object. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void saysThatAnAnswerEndedEarlyAndWhose(boolean watchLists) {
        try (ReflectorRig rig = ReflectorRig.with(watchLists)) {
            rig.putMany(3);
            rig.server.always(
                    watchLists ? Verb.WATCH_LIST : Verb.LIST, Fault.cut("{\"kind\": \"List\", \"items\": [{\"met"));
            rig.start(ReflectorSettings.DEFAULT);

            eventually(() -> assertThat(rig.status().lastFailure())
                    .matches("the API server at http://127\\.0\\.0\\.1:\\d+ has ended its answer early; goes on in"
                            + " \\d+ ms"));
        }
    }

    @Test
    void listsOnceWhereASoundServerSendsNoBookmarks() {
        try (ReflectorRig rig = ReflectorRig.with(true)) {
            rig.putMany(3);
            rig.server.sendsBookmarks(false);
            rig.start(ReflectorSettings.builder()
                    .silence(Duration.ofSeconds(2))
                    .probation(Duration.ofSeconds(1))
                    .build());
            rig.seesTruth();
            rig.watches();
            rig.server.clearRequests();

            rig.server.resetConnections();
            eventually(() -> assertThat(rig.server.requests(Verb.WATCH)).hasSizeGreaterThan(4));

            assertThat(rig.server.requests(Verb.WATCH_LIST))
                    .as("one to be sure after the outage")
                    .hasSize(1);
        }
    }

    @Test
    void needsNoMoreThreadsAfterManyOutages() {
        try (ReflectorRig rig = ReflectorRig.with(true)) {
            rig.putMany(3);
            rig.start(quick().build());
            rig.seesTruth();
            rig.watches();
            long before = ownThreads();
            int all = Thread.getAllStackTraces().size();

            int outages = 50;
            for (int cycle = 0; cycle < outages; cycle++) {
                rig.server.resetConnections();
                rig.put("t1", "cycle " + cycle);
                rig.seesTruth();
            }

            rig.watches();
            eventually(() -> assertThat(ownThreads()).isLessThanOrEqualTo(before));
            // OkHttp's own, of which it keeps some for a minute, and the server's come and go.
            eventually(() -> assertThat(Thread.getAllStackTraces().size()).isLessThan(all + outages / 2));
            assertThat(rig.counts().lists()).isEqualTo(1);
        }
    }

    @Test
    void waitsNoLongerTheMoreOftenTheServerIsAway() {
        try (ReflectorRig rig = ReflectorRig.with(true)) {
            rig.putMany(3);
            rig.start(ReflectorSettings.DEFAULT);
            rig.seesTruth();

            for (int time = 0; time < 10; time++) {
                rig.watches();
                rig.server.stop();
                eventually(() -> assertThat(rig.status().lastFailure()).contains("cannot be reached"));
                rig.put("t1", "time " + time);
                rig.server.startAgain();
                rig.seesTruth();
            }

            assertThat(rig.timing.sleeps())
                    .isNotEmpty()
                    .allMatch(pause -> pause.compareTo(ReflectorSettings.DEFAULT.unreachableBackoff()) <= 0);
        }
    }

    private static long ownThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("inmesh-"))
                .count();
    }

    @Test
    void recoversFromAnAbsenceOfMinutesWithinSeconds() {
        try (ReflectorRig rig = ReflectorRig.with(true)) {
            rig.putMany(10);
            rig.start(ReflectorSettings.DEFAULT);
            rig.seesTruth();
            rig.watches();

            rig.server.stop();
            long since = rig.timing.nanoTime();
            eventually(() ->
                    assertThat(Duration.ofNanos(rig.timing.nanoTime() - since)).isGreaterThan(Duration.ofMinutes(10)));
            assertThat(rig.view.values()).isEqualTo(rig.truth());
            rig.put("t1", "meanwhile");
            rig.server.compact();
            rig.server.clearRequests();
            rig.server.startAgain();
            Duration back = rig.timing.slept();

            rig.seesTruth();
            assertThat(rig.timing.slept().minus(back)).isLessThan(Duration.ofSeconds(5));
            assertThat(rig.server.requests(Verb.WATCH_LIST)).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"watching", "hanging", "pausing"})
    void endsPromptlyAndSilently(String state) {
        try (ReflectorRig rig = ReflectorRig.with(true)) {
            rig.putMany(3);
            switch (state) {
                case "hanging" -> rig.server.always(Verb.WATCH_LIST, Fault.hang());
                case "pausing" ->
                    rig.server.always(
                            Verb.WATCH_LIST, Fault.status(503, "", "busy").retryAfter("100"));
                default -> {}
            }
            rig.start(ReflectorSettings.DEFAULT, Timing.system());
            eventually(() -> assertThat(rig.server.requests()).isNotEmpty());

            rig.closeReflector();

            int told = rig.view.sizes().size();
            rig.put("t1", "unheard");
            eventually(() -> assertThat(reflectorThreads()).isZero());
            assertThat(rig.view.sizes()).hasSize(told);
            assertThat(rig.status().state()).isEqualTo(ReflectorStatus.State.CLOSED);
        }
    }

    @Test
    void tellsNothingOnceCloseHasReturned() throws InterruptedException {
        for (int round = 0; round < 50; round++) {
            try (ReflectorRig rig = ReflectorRig.with(true)) {
                AtomicBoolean closed = new AtomicBoolean();
                AtomicBoolean toldAfterwards = new AtomicBoolean();
                CountDownLatch first = new CountDownLatch(1);
                Reflector<Thing> reflector = Reflector.start(
                        rig.api, Thing.ALL, ReflectorSettings.DEFAULT, Timing.system(), new Listening() {
                            @Override
                            public void applied(Thing object) {
                                toldAfterwards.compareAndSet(false, closed.get());
                                first.countDown();
                            }
                        });
                rig.watches(reflector);
                for (int i = 0; i < 20; i++) {
                    rig.put("t" + i, "1");
                }
                assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();
                reflector.close();
                closed.set(true);
                eventually(() -> assertThat(reflectorThreads()).isZero());
                assertThat(toldAfterwards).isFalse();
            }
        }
    }

    @Test
    void outlivesAListenerThatThrows() {
        try (ReflectorRig rig = ReflectorRig.with(true)) {
            List<String> told = new ArrayList<>();
            Reflector<Thing> reflector =
                    Reflector.start(rig.api, Thing.ALL, ReflectorSettings.DEFAULT, Timing.system(), new Listening() {
                        @Override
                        public synchronized void applied(Thing object) {
                            told.add(object.value());
                            throw new IllegalStateException("a listener's own fault");
                        }
                    });
            try (reflector) {
                rig.watches(reflector);
                rig.put("a", "1");
                rig.put("a", "2");
                eventually(() -> assertThat(reflector.status().counts().listenerFailures())
                        .isEqualTo(2));
                assertThat(told).containsExactly("1", "2");
            }
        }
    }

    private static long reflectorThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("inmesh-watch-things"))
                .count();
    }

    private static class Listening implements ReflectorListener<Thing> {
        @Override
        public void replaced(Collection<Thing> objects) {}

        @Override
        public void applied(Thing object) {}

        @Override
        public void deleted(ObjectKey key) {}
    }
}
