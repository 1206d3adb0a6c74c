package io.inmesh.internal.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecentLatencyTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final RecentLatency latency = new RecentLatency(95, 0);

    private static void record(RecentLatency latency, int answers, long nanos, long now) {
        for (int i = 0; i < answers; i++) {
            latency.record(nanos, now);
        }
    }

    @Test
    void isKnownFromEnoughAnswersOn() {
        record(latency, 398, 10 * MILLI, 0);
        latency.record(10 * MILLI, RecentLatency.LOOK_NANOS);
        assertThat(latency.nanos(RecentLatency.LOOK_NANOS)).isEqualTo(-1);
        assertThat(latency.words(RecentLatency.LOOK_NANOS)).contains("400 answers", "and 399 are there");

        latency.record(10 * MILLI, 2 * RecentLatency.LOOK_NANOS);

        assertThat(latency.nanos(2 * RecentLatency.LOOK_NANOS)).isBetween(10 * MILLI, 11 * MILLI);
        assertThat(latency.words(2 * RecentLatency.LOOK_NANOS))
                .startsWith("p95 of recent latencies, now 10.")
                .endsWith(" ms");
    }

    @ParameterizedTest
    @ValueSource(doubles = {50, 90, 95, 99, 99.5})
    void isNeverTooLowAndAtMostASixteenthTooHigh(double percentile) {
        RecentLatency one = new RecentLatency(percentile, 0);
        SplittableRandom random = new SplittableRandom(1);
        long[] values = random.longs(10_000, 20_000, 5_000_000_000L).toArray();
        for (long value : values) {
            one.record(value, 0);
        }
        one.record(values[0], RecentLatency.LOOK_NANOS);
        Arrays.sort(values);
        long exact = values[(int) Math.ceil(percentile / 100 * values.length) - 1];

        assertThat(one.nanos(RecentLatency.LOOK_NANOS)).isBetween(exact - 1, exact + exact / 16 + 1);
    }

    @Test
    void followsTheLastTwoWindows() {
        record(latency, 1000, 10 * MILLI, 0);
        long second = RecentLatency.WINDOW_NANOS;
        record(latency, 1000, 80 * MILLI, second);
        latency.record(80 * MILLI, second + RecentLatency.LOOK_NANOS);
        assertThat(latency.nanos(second)).isBetween(80 * MILLI, 86 * MILLI);

        long third = 2 * second;
        record(latency, 1000, 20 * MILLI, third);
        long fourth = 3 * second;
        record(latency, 1000, 20 * MILLI, fourth);
        latency.record(20 * MILLI, fourth + RecentLatency.LOOK_NANOS);

        assertThat(latency.nanos(fourth)).isBetween(20 * MILLI, 22 * MILLI);
    }

    @Test
    void forgetsAllAfterARest() {
        record(latency, 1000, 10 * MILLI, 0);
        latency.record(10 * MILLI, RecentLatency.LOOK_NANOS);
        long later = 2 * RecentLatency.WINDOW_NANOS;
        assertThat(latency.nanos(later)).isEqualTo(-1);

        latency.record(10 * MILLI, later);
        latency.record(10 * MILLI, later + RecentLatency.LOOK_NANOS);

        assertThat(latency.nanos(later + RecentLatency.LOOK_NANOS)).isEqualTo(-1);
        assertThat(latency.words(later)).contains("and 2 are there");
    }

    @Test
    void takesWhatIsOffTheScale() {
        RecentLatency one = new RecentLatency(50, 0);
        record(one, 41, 0, 0);
        one.record(Long.MAX_VALUE, RecentLatency.LOOK_NANOS);

        assertThat(one.nanos(RecentLatency.LOOK_NANOS)).isBetween(1L, 20_000L);
    }

    @Test
    void threadsLoseNothing() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            threads.add(new Thread(() -> record(latency, 50_000, 10 * MILLI, 0)));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        // 5 % of more would be needed for the percentile to be theirs.
        record(latency, 10_526, 80 * MILLI, 0);
        latency.record(10 * MILLI, RecentLatency.LOOK_NANOS);
        assertThat(latency.nanos(0)).isBetween(10 * MILLI, 11 * MILLI);

        latency.record(80 * MILLI, 2 * RecentLatency.LOOK_NANOS);
        latency.record(80 * MILLI, 3 * RecentLatency.LOOK_NANOS);

        assertThat(latency.nanos(0)).isBetween(80 * MILLI, 86 * MILLI);
    }
}
