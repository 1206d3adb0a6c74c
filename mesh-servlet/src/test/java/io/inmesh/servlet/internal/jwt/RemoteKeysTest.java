package io.inmesh.servlet.internal.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import com.nimbusds.jose.JWSAlgorithm;
import io.inmesh.servlet.internal.jwt.RemoteKeys.Timing;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RemoteKeysTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Timing TIMING =
            new Timing(Duration.ofMinutes(5), Duration.ofHours(4), Duration.ofSeconds(10), LONG, LONG);
    private static final String KEYS = Issuer.keys(Issuer.RSA);
    private static final String ROTATED = Issuer.keys(Issuer.OTHER_RSA);

    private final AtomicLong nanos = new AtomicLong(-5);
    private final AtomicInteger fetches = new AtomicInteger();
    private final AtomicReference<String> answer = new AtomicReference<>(KEYS);

    @Test
    void fetchesOnceAndLaterInTheBackground() {
        Queue<Runnable> background = new ArrayDeque<>();
        AtomicReference<Executor> executor = new AtomicReference<>(Runnable::run);
        RemoteKeys keys = keys(task -> executor.get().execute(task));
        KeySet first = keys.current();
        assertThat(first).isNotNull();
        executor.set(background::add);

        pass(Duration.ofMinutes(5).minusNanos(1));
        assertThat(keys.current()).isSameAs(first);
        assertThat(background).isEmpty();

        pass(Duration.ofNanos(1));
        answer.set(ROTATED);
        assertThat(keys.current()).isSameAs(first);
        assertThat(keys.current()).isSameAs(first);
        assertThat(background).hasSize(1);

        background.remove().run();
        assertThat(keys.current()).isNotNull().isNotSameAs(first);
        assertThat(fetches).hasValue(2);
    }

    @Test
    void keepsTheSameSetWhileItsTextIsTheSame() {
        RemoteKeys keys = keys(Runnable::run);
        KeySet first = keys.current();

        pass(Duration.ofMinutes(6));

        assertThat(keys.current()).isSameAs(first);
        assertThat(fetches).hasValue(2);
    }

    @Test
    void keepsTheLastGoodKeysForABoundedTime() {
        RemoteKeys keys = keys(Runnable::run);
        KeySet first = keys.current();
        for (String broken : List.of("fail", "not json", "{\"keys\":[]}")) {
            answer.set(broken);
            pass(Duration.ofMinutes(70));
            assertThat(keys.current()).as(broken).isSameAs(first);
        }

        pass(Duration.ofMinutes(30));
        assertThat(keys.current()).isNull();
        assertThat(keys.newerThan(first)).isNull();

        answer.set(KEYS);
        pass(Duration.ofMinutes(1));
        assertThat(keys.current()).isNotNull();
    }

    @Test
    void asksAFailingPlaceLessAndLessOften() {
        answer.set("fail");
        RemoteKeys keys = keys(Runnable::run);
        for (int seconds = 0; seconds < 120; seconds++) {
            assertThat(keys.current()).isNull();
            assertThat(keys.current()).isNull();
            pass(Duration.ofSeconds(1));
        }

        // At 0, 1, 3, 7, 15, 31, 63 and 95 seconds.
        assertThat(fetches).hasValue(8);
    }

    @Test
    void asksForUnknownKeysOnceInAWhile() {
        RemoteKeys keys = keys(Runnable::run);
        KeySet known = keys.current();
        for (int i = 0; i < 1000; i++) {
            assertThat(keys.newerThan(known)).isSameAs(known);
        }
        assertThat(fetches).hasValue(1);

        pass(Duration.ofSeconds(10));
        answer.set(ROTATED);
        KeySet rotated = keys.newerThan(known);
        assertThat(rotated).isNotNull();
        assertThat(rotated.has(JWSAlgorithm.RS256, "rsa-2")).isTrue();
        // Whoever comes with the old set gets the new one without another fetch.
        assertThat(keys.newerThan(known)).isSameAs(rotated);
        for (int i = 0; i < 1000; i++) {
            assertThat(keys.newerThan(rotated)).isSameAs(rotated);
        }
        assertThat(fetches).hasValue(2);
    }

    @Test
    void failsClosedWithoutAThread() {
        RemoteKeys keys = keys(task -> {
            throw new RejectedExecutionException("closed");
        });

        assertThat(keys.current()).isNull();
    }

    @Test
    void waitsForAFetchNoLongerThanItMay() {
        RemoteKeys keys = new RemoteKeys(
                "test",
                () -> KEYS,
                new Timing(TIMING.refresh(), TIMING.longest(), TIMING.between(), Duration.ofMillis(1), LONG),
                task -> {},
                nanos::get);

        assertThat(keys.current()).isNull();
    }

    @Test
    void waitsLessForAKeyThatIsNotKnown() {
        AtomicReference<Executor> executor = new AtomicReference<>(Runnable::run);
        RemoteKeys keys = new RemoteKeys(
                "test",
                () -> KEYS,
                new Timing(TIMING.refresh(), TIMING.longest(), TIMING.between(), LONG, Duration.ofMillis(1)),
                task -> executor.get().execute(task),
                nanos::get);
        KeySet known = keys.current();
        executor.set(task -> {});
        pass(TIMING.between());

        // With the wait for the first keys this would take 20 seconds.
        assertTimeout(
                Duration.ofSeconds(10), () -> assertThat(keys.newerThan(known)).isSameAs(known));
    }

    @Test
    void letsManyWaitForOneFetch() throws Exception {
        CountDownLatch fetching = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            RemoteKeys keys = new RemoteKeys(
                    "test",
                    () -> {
                        fetches.incrementAndGet();
                        fetching.countDown();
                        await(go);
                        return KEYS;
                    },
                    TIMING,
                    threads,
                    nanos::get);
            List<Future<KeySet>> waiting = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                waiting.add(threads.submit(keys::current));
            }
            await(fetching);
            go.countDown();
            for (Future<KeySet> each : waiting) {
                assertThat(each.get(20, TimeUnit.SECONDS)).isNotNull();
            }
            assertThat(fetches).hasValue(1);
        } finally {
            go.countDown();
            threads.shutdownNow();
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private RemoteKeys keys(Executor background) {
        return new RemoteKeys(
                "test",
                () -> {
                    fetches.incrementAndGet();
                    if (answer.get().equals("fail")) {
                        throw new IOException("not there");
                    }
                    return answer.get();
                },
                TIMING,
                background,
                nanos::get);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
