package io.inmesh.kubernetes.internal.reflect;

import static io.inmesh.kubernetes.testing.Eventually.eventually;
import static io.inmesh.kubernetes.testing.Eventually.within;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.kubernetes.internal.api.ApiServer;
import io.inmesh.kubernetes.internal.time.Timing;
import io.inmesh.kubernetes.testing.Fault;
import io.inmesh.kubernetes.testing.ScriptedApiServer;
import io.inmesh.kubernetes.testing.ScriptedApiServer.Request;
import io.inmesh.kubernetes.testing.ScriptedApiServer.Verb;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * C4 and C10 where the server has no WatchLists, so that lists have to be spread: wide enough for 200 clients that lose
 * their positions at once (at most 20 lists in any second), narrow enough for each of them (right within 35 s). At worst
 *
 * <pre>
 *   2 s  the pause in which the server came back (unreachableBackoff)
 *   4 s  a watch that shows whether the server still knows the version (probation); not after a 410
 *  26 s  the spread (relistJitter)
 *  32 s  and then the list
 * </pre>
 */
class LostPositionTest {
    private static final ReflectorSettings SETTINGS = ReflectorSettings.DEFAULT;
    private static final Duration RIGHT_WITHIN = Duration.ofSeconds(35);
    private static final Duration SPARE = Duration.ofSeconds(1);
    private static final int CLIENTS = 200;
    private static final int MOST_LISTS_IN_A_SECOND = 20;

    /** How the server comes back. */
    enum Return {
        /** It knows all that happened. */
        SOUND,
        /** It answers 410. */
        GONE,
        /** It has gone back in time, and does not say so. */
        RESTORED
    }

    @ParameterizedTest
    @EnumSource(
            value = Return.class,
            names = {"GONE", "RESTORED"})
    void isRightInTimeAlthoughAllWaitsAreTheLongest(Return how) {
        try (ReflectorRig rig = ReflectorRig.with(false)) {
            rig.put("a", "1");
            Runnable restore = rig.server.backup();
            rig.server.skipVersions(1000);
            AtomicReference<Duration> lastPause = new AtomicReference<>();
            rig.start(SETTINGS, drawing(rig.timing, 1 - 1e-9, pause -> {
                if (near(pause, SETTINGS.unreachableBackoff())) {
                    lastPause.set(rig.timing.slept());
                }
            }));
            rig.seesTruth();
            rig.watches();
            rig.put("a", "2");
            rig.seesTruth();

            rig.server.stop();
            if (how == Return.RESTORED) {
                restore.run();
                rig.put("a", "1");
            } else {
                rig.put("a", "3");
                rig.server.compact();
            }
            eventually(() -> assertThat(rig.timing.sleeps())
                    .as("longest pause")
                    .anyMatch(pause -> near(pause, SETTINGS.unreachableBackoff())));
            rig.server.startAgain();
            rig.seesTruth();

            // Since the pause began, and not since the server is back: an attempt in vain may still have been under
            // way. The watch is the one wait that is no sleep.
            assertThat(rig.timing.slept().minus(lastPause.get()))
                    .as("slept, with the pause in which it came back")
                    .isGreaterThan(SETTINGS.relistJitter())
                    .isLessThan(RIGHT_WITHIN.minus(SPARE).minus(SETTINGS.probation()));
        }
    }

    private static boolean near(Duration one, Duration other) {
        return one.minus(other).abs().compareTo(Duration.ofMillis(1)) < 0;
    }

    @Test
    void theSpreadIsWideEnoughForManyClients() {
        Random random = new Random(1);
        long tooMany = 0;
        for (int outage = 0; outage < 1000; outage++) {
            long[] lists = random.doubles(CLIENTS)
                    .mapToLong(draw -> (long) (draw * SETTINGS.relistJitter().toNanos()))
                    .toArray();
            tooMany += peak(lists, Duration.ofSeconds(1)) > MOST_LISTS_IN_A_SECOND ? 1 : 0;
        }
        assertThat(tooMany).as("of 1000 outages").isLessThanOrEqualTo(15);
    }

    /** A third of the real spread, and of the second that is looked at. */
    @ParameterizedTest
    @EnumSource(
            value = Return.class,
            names = {"SOUND", "GONE"})
    void listsOfManyClientsAreSpread(Return how) {
        stampede(SETTINGS.relistJitter().dividedBy(3), how, false);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("long")
    void listsOfManyClientsAreSpreadAtFullLength(Return how) {
        stampede(SETTINGS.relistJitter(), how, true);
    }

    /**
     * The same crowd over real sockets.
     *
     * @param arrivals whether the server has to see the spread as well: a machine that stands still for a moment brings
     *     what lies within it together
     */
    private static void stampede(Duration relistJitter, Return how, boolean arrivals) {
        Duration second = relistJitter.dividedBy(SETTINGS.relistJitter().toSeconds());
        // Short pauses, so that they add nothing to the spread.
        ReflectorSettings settings = ReflectorSettings.builder()
                .backoff(Duration.ofMillis(80), Duration.ofSeconds(3))
                .unreachableBackoff(Duration.ofMillis(200))
                .relistJitter(relistJitter)
                .build();
        List<AutoCloseable> all = new ArrayList<>();
        List<View> views = new ArrayList<>();
        Random draws = new Random(1);
        Queue<Long> planned = new ConcurrentLinkedQueue<>();
        try (ScriptedApiServer server = ScriptedApiServer.start()) {
            server.always(Verb.WATCH_LIST, Fault.status(422, "Invalid", "sendInitialEvents is forbidden"));
            server.put(Thing.PATH, Thing.json("a", "1"));
            Runnable restore = server.backup();
            server.skipVersions(1000);
            for (int i = 0; i < CLIENTS; i++) {
                ApiServer api = new ApiServer(server.clients());
                View view = new View();
                views.add(view);
                double draw = draws.nextDouble();
                Duration spread = Duration.ofNanos((long) (relistJitter.toNanos() * draw));
                Timing timing = drawing(Timing.system(), draw, pause -> {
                    if (pause.equals(spread)) {
                        planned.add(System.nanoTime() + pause.toNanos());
                    }
                });
                all.add(Reflector.start(api, Thing.ALL, settings, timing, view));
                all.add(api);
            }
            eventually(() -> assertThat(server.openWatches()).isEqualTo(CLIENTS));

            server.clearRequests();
            planned.clear();
            server.stop();
            if (how == Return.RESTORED) {
                restore.run();
            }
            server.put(Thing.PATH, Thing.json("a", "2"));
            if (how == Return.GONE) {
                server.compact();
            }
            server.startAgain();

            for (View view : views) {
                within(Duration.ofSeconds(60), () -> assertThat(view.values()).containsEntry("a", "2"));
            }
            long[] lists = server.requests(Verb.LIST).stream()
                    .mapToLong(Request::nanos)
                    .toArray();
            assertThat(lists).hasSize(how == Return.SOUND ? 0 : CLIENTS);
            assertThat(planned).hasSameSizeAs(lists);
            assertThat(peak(planned.stream().mapToLong(Long::longValue).toArray(), second))
                    .isLessThanOrEqualTo(MOST_LISTS_IN_A_SECOND);
            long peak = peak(lists, second);
            System.out.printf(
                    "%s, spread over %d ms: at most %d of %d lists within %d ms%n",
                    how, relistJitter.toMillis(), peak, lists.length, second.toMillis());
            if (arrivals) {
                assertThat(peak).isLessThanOrEqualTo(MOST_LISTS_IN_A_SECOND);
            }
        } finally {
            all.forEach(LostPositionTest::close);
        }
    }

    /** Most of these moments that lie within one window, wherever it begins. */
    private static long peak(long[] nanos, Duration window) {
        return Arrays.stream(nanos)
                .map(first -> Arrays.stream(nanos)
                        .filter(other -> other - first >= 0 && other - first < window.toNanos())
                        .count())
                .max()
                .orElse(0);
    }

    private static void close(AutoCloseable one) {
        try {
            one.close();
        } catch (Exception unclosed) {
            throw new AssertionError(unclosed);
        }
    }

    /** Time whose draws are all the same, and that tells of each pause before it begins. */
    private static Timing drawing(Timing time, double draw, Consumer<Duration> pauses) {
        return new Timing() {
            @Override
            public long nanoTime() {
                return time.nanoTime();
            }

            @Override
            public Instant now() {
                return time.now();
            }

            @Override
            public void sleep(Duration pause) throws InterruptedException {
                pauses.accept(pause);
                time.sleep(pause);
            }

            @Override
            public double random() {
                return draw;
            }
        };
    }
}
