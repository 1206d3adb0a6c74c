package io.inmesh.kubernetes.internal.reflect;

import io.inmesh.kubernetes.internal.time.Timing;
import java.time.Duration;

/** How long to wait after failures of one sort that follow each other. Not thread-safe. */
final class Backoff {
    private static final int DOUBLINGS = 20;

    private final Duration min;
    private final Duration max;
    private final Timing timing;
    private int failures;

    /**
     * Starts without failures.
     *
     * @param min longest first pause
     * @param max longest pause
     */
    Backoff(Duration min, Duration max, Timing timing) {
        this.min = min;
        this.max = max;
        this.timing = timing;
    }

    /** Draws the pause after one more failure: from the upper half of a window that doubles. */
    Duration next() {
        long window = Math.min(max.toNanos(), min.toNanos() << failures);
        failures = Math.min(failures + 1, DOUBLINGS);
        return Duration.ofNanos((long) (window * (0.5 + 0.5 * timing.random())));
    }

    /** All is well again. */
    void reset() {
        failures = 0;
    }
}
