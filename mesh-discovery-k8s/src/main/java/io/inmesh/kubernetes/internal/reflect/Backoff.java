package io.inmesh.kubernetes.internal.reflect;

import io.inmesh.kubernetes.internal.time.Timing;
import java.time.Duration;

/** How long to wait after failures. Not thread-safe. */
final class Backoff {
    private static final int DOUBLINGS = 20;

    private final Duration min;
    private final Duration reset;
    private final Timing timing;
    private int failures;
    private long lastEndNanos;

    /**
     * Starts healthy.
     *
     * @param reset without a failure for so long, it starts at {@code min} again
     */
    Backoff(Duration min, Duration reset, Timing timing) {
        this.min = min;
        this.reset = reset;
        this.timing = timing;
    }

    /**
     * Draws the pause after one more failure: from the upper half of a window that doubles.
     *
     * @param max longest
     */
    Duration next(Duration max) {
        long now = timing.nanoTime();
        if (failures > 0 && now - lastEndNanos > reset.toNanos()) {
            failures = 0;
        }
        long window = Math.min(max.toNanos(), min.toNanos() << Math.min(failures, DOUBLINGS));
        failures = Math.min(failures + 1, DOUBLINGS);
        long pause = (long) (window * (0.5 + 0.5 * timing.random()));
        lastEndNanos = now + pause;
        return Duration.ofNanos(pause);
    }
}
