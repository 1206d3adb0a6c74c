package io.inmesh.internal.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SerialExecutorTest {
    private final List<Throwable> failures = new ArrayList<>();

    @Test
    void aTaskHandedOverByATaskRunsAfterIt() {
        List<String> log = new ArrayList<>();
        SerialExecutor serial = new SerialExecutor(Runnable::run, failures::add);

        serial.execute(() -> {
            serial.execute(() -> log.add("inner"));
            log.add("outer");
        });

        assertThat(log).containsExactly("outer", "inner");
    }

    @Test
    void oneRunOfTheExecutorBelowTakesAllThatWaits() {
        Queue<Runnable> below = new ArrayDeque<>();
        List<Integer> log = new ArrayList<>();
        SerialExecutor serial = new SerialExecutor(below::add, failures::add);

        for (int i = 0; i < 3; i++) {
            int number = i;
            serial.execute(() -> log.add(number));
        }

        assertThat(below).hasSize(1);
        below.remove().run();
        assertThat(log).containsExactly(0, 1, 2);
        serial.execute(() -> log.add(3));
        assertThat(below).hasSize(1);
    }

    @Test
    void whatATaskThrowsIsToldAndTheNextRuns() {
        List<String> log = new ArrayList<>();
        SerialExecutor serial = new SerialExecutor(Runnable::run, failures::add);

        serial.execute(() -> {
            throw new IllegalStateException("broken");
        });
        serial.execute(() -> log.add("next"));

        assertThat(failures).singleElement().isInstanceOf(IllegalStateException.class);
        assertThat(log).containsExactly("next");
    }

    @Test
    void afterShutdownTasksAreDropped() {
        SerialExecutor serial = new SerialExecutor(
                task -> {
                    throw new RejectedExecutionException("shut down");
                },
                failures::add);

        serial.execute(() -> fail("ran"));
        serial.execute(() -> fail("ran"));

        assertThat(failures).isEmpty();
    }

    @Test
    void tasksFromManyThreadsAllRunWithoutOverlap() throws Exception {
        int threads = 4;
        int each = 20_000;
        ExecutorService below = Executors.newFixedThreadPool(threads);
        ExecutorService callers = Executors.newFixedThreadPool(threads);
        try {
            SerialExecutor serial = new SerialExecutor(below, failures::add);
            int[] plain = new int[1];
            CountDownLatch done = new CountDownLatch(threads * each);
            for (int t = 0; t < threads; t++) {
                callers.execute(() -> {
                    for (int i = 0; i < each; i++) {
                        serial.execute(() -> {
                            plain[0]++;
                            done.countDown();
                        });
                    }
                });
            }

            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(plain[0]).isEqualTo(threads * each);
        } finally {
            below.shutdownNow();
            callers.shutdownNow();
        }
    }
}
