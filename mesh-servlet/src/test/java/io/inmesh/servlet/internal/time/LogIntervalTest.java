package io.inmesh.servlet.internal.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LogIntervalTest {
    @Test
    void isOnceInAWhile() {
        AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 10);
        LogInterval interval = new LogInterval(Duration.ofNanos(100), nanos::get);

        assertThat(interval.isTime()).isTrue();
        assertThat(interval.isTime()).isFalse();
        nanos.addAndGet(99);
        assertThat(interval.isTime()).isFalse();
        nanos.addAndGet(1);
        assertThat(interval.isTime()).isTrue();
        assertThat(interval.isTime()).isFalse();
    }
}
