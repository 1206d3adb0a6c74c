package io.inmesh.internal.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {

    @ParameterizedTest
    @CsvSource({"1, 25", "2, 50", "3, 100", "4, 200", "5, 250", "6, 250", "1000, 250"})
    void drawsFromAWindowThatDoublesUpToTenTimesTheBase(int retry, long windowMillis) {
        Backoff backoff = new Backoff(Duration.ofMillis(25), Duration.ofMillis(250));
        SplittableRandom random = new SplittableRandom(3);
        long window = TimeUnit.MILLISECONDS.toNanos(windowMillis);

        long[] draws = LongStream.generate(() -> backoff.anywhereInWindow(retry, random))
                .limit(2_000)
                .toArray();

        assertThat(LongStream.of(draws)).allMatch(nanos -> nanos >= 0 && nanos < window);
        // With 2000 uniform draws the extremes miss an outer tenth with a probability below 1e-90.
        assertThat(LongStream.of(draws).max().orElseThrow()).isGreaterThan(window / 10 * 9);
        assertThat(LongStream.of(draws).min().orElseThrow()).isLessThan(window / 10);
    }
}
