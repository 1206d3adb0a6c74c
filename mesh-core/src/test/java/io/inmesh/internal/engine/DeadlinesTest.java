package io.inmesh.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.inmesh.internal.time.Threads;
import io.inmesh.internal.time.TimeSource;
import io.inmesh.testing.ManualClock;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final Runnable UNEXPECTED = () -> {
        throw new AssertionError("broken off in time");
    };

    private final ManualClock clock = new ManualClock();
    private final Deadlines deadlines = new Deadlines(clock, clock);
    private final List<String> fired = new ArrayList<>();

    /** A deadline with an attempt under way. */
    private Deadline start(Deadlines among, long nanos, Runnable cancel) {
        TimeSource time = among == deadlines ? clock : TimeSource.system();
        Deadline deadline = among.startAt(time.nanoTime() + nanos);
        deadline.covers(new CancelledAttempt(cancel));
        return deadline;
    }

    private Deadline start(long nanos, String name) {
        return start(deadlines, nanos, () -> fired.add(name));
    }

    @Test
    void callsThatEndInTimePlanOneWakeUpInEachTimeout() {
        for (int call = 0; call < 10_000; call++) {
            Deadline deadline = start(deadlines, SECOND, UNEXPECTED);
            clock.advance(Duration.ofMillis(1));
            assertThat(deadline.over()).isFalse();
        }

        assertThat(clock.scheduledTasks()).isLessThanOrEqualTo(10_000 / 1_000 + 1);
        clock.advance(Duration.ofSeconds(1));
        assertThat(clock.waitingTasks()).isZero();
    }

    @Test
    void callsThatOverlapAndEndInTimePlanTwoWakeUpsInEachTimeoutAtMost() {
        List<Deadline> underWay = new ArrayList<>();
        for (int call = 0; call < 10_000; call++) {
            underWay.add(start(deadlines, SECOND, UNEXPECTED));
            clock.advance(Duration.ofMillis(1));
            if (underWay.size() > 500) {
                underWay.remove(0).over();
            }
        }

        assertThat(clock.scheduledTasks()).isLessThanOrEqualTo(2 * 10_000 / 1_000 + 1);
    }

    @Test
    void callsThatEndInTimeDoNotWakeTheThread() throws InterruptedException {
        try (Threads threads = Threads.daemon();
                Deadlines real = new Deadlines(TimeSource.system(), threads.timer())) {
            Deadline first = start(real, 3_600 * SECOND, UNEXPECTED);
            awaitRest();
            long waits = timer().getWaitedCount();

            for (int call = 0; call < 2_000; call++) {
                start(real, 3_601 * SECOND, UNEXPECTED).over();
            }
            first.over();
            for (int call = 0; call < 2_000; call++) {
                start(real, 3_601 * SECOND, UNEXPECTED).over();
            }

            assertThat(timer().getWaitedCount()).isEqualTo(waits);
        }
    }

    private static void awaitRest() throws InterruptedException {
        while (timer().getThreadState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
    }

    private static ThreadInfo timer() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(Objects::nonNull)
                .filter(thread -> thread.getThreadName().equals("inmesh-timer"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void eachFiresAtItsTimeWhateverTheOrder() {
        SplittableRandom random = new SplittableRandom(17);
        List<Long> expected = new ArrayList<>();
        List<Long> seen = new ArrayList<>();
        for (int call = 0; call < 1_000; call++) {
            clock.advance(Duration.ofMillis(random.nextInt(3)));
            long nanos = random.nextLong(1, 2 * SECOND);
            Deadline deadline = start(deadlines, nanos, () -> seen.add(clock.nanoTime()));
            if (random.nextInt(4) == 0) {
                deadline.over();
            } else {
                expected.add(clock.nanoTime() + nanos);
            }
        }

        clock.advance(Duration.ofSeconds(2));

        assertThat(seen).containsExactlyElementsOf(expected.stream().sorted().toList());
        assertThat(deadlines.size()).isZero();
        assertThat(clock.waitingTasks()).isZero();
    }

    @Test
    void aShorterTimeoutIsNotLateForALongerOne() {
        start(10 * SECOND, "long");
        start(SECOND, "short");

        clock.advance(Duration.ofSeconds(1));
        assertThat(fired).containsExactly("short");
        clock.advance(Duration.ofSeconds(9));
        assertThat(fired).containsExactly("short", "long");
    }

    @Test
    void whatOneCallThrowsDoesNotKeepTheNextFromItsDeadline() {
        start(deadlines, SECOND, () -> {
            throw new IllegalStateException("bug");
        });
        start(SECOND, "same time");
        start(2 * SECOND, "later");

        assertThatCode(() -> clock.advance(Duration.ofSeconds(2))).doesNotThrowAnyException();

        assertThat(fired).containsExactly("same time", "later");
    }

    @Test
    void deadlinesOfCallsUnderWayOutliveTheClose() {
        start(SECOND, "first");
        start(2 * SECOND, "second");

        deadlines.close();
        clock.shutdown();

        clock.advance(Duration.ofSeconds(1));
        assertThat(fired).containsExactly("first");
        clock.advance(Duration.ofSeconds(1));
        assertThat(fired).containsExactly("first", "second");
        assertThat(clock.waitingTasks()).isZero();
    }

    @Test
    void nothingIsLeftInTheTimerWhenTheLastCallEndsAfterTheClose() {
        Deadline first = start(SECOND, "first");
        Deadline second = start(2 * SECOND, "second");
        deadlines.close();
        clock.shutdown();

        first.over();
        second.over();

        assertThat(clock.waitingTasks()).isZero();
        assertThat(fired).isEmpty();
    }

    @Test
    void aCloseAtRestLeavesNothingInTheTimer() {
        start(SECOND, "over").over();

        deadlines.close();

        assertThat(clock.waitingTasks()).isZero();
    }

    @Test
    void noDeadlineIsLostBetweenThreads() throws Exception {
        int threads = 4;
        int calls = 20_000;
        CountDownLatch due = new CountDownLatch(threads * calls / 10);
        ExecutorService callers = Executors.newFixedThreadPool(threads);
        Threads own = Threads.daemon();
        try (own;
                Deadlines real = new Deadlines(TimeSource.system(), own.timer())) {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                all.add(callers.submit(() -> {
                    for (int call = 0; call < calls; call++) {
                        boolean waits = call % 10 == 0;
                        Deadline deadline =
                                start(real, waits ? 1_000 + call : 3_600 * SECOND, waits ? due::countDown : UNEXPECTED);
                        if (!waits) {
                            deadline.over();
                        }
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get(60, TimeUnit.SECONDS);
            }
            assertThat(due.await(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            callers.shutdownNow();
        }
        assertThat(own.timer().awaitTermination(10, TimeUnit.SECONDS))
                .as("nothing is left in the timer")
                .isTrue();
    }
}
