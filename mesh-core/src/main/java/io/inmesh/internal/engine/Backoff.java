package io.inmesh.internal.engine;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** Wait before a retry, as Envoy has it: full jitter over a window that doubles from 25 ms and stops at ten times that. */
final class Backoff {
    private static final long BASE_NANOS = TimeUnit.MILLISECONDS.toNanos(25);
    private static final long CAP_NANOS = 10 * BASE_NANOS;
    private static final int DOUBLINGS_TO_CAP = 4;

    private Backoff() {}

    /**
     * Draws a wait.
     *
     * @param retry 1 for the first
     * @return nanoseconds, 0 (inclusive) to min(25 ms x 2^(retry-1), 250 ms) (exclusive)
     */
    static long nanos(int retry, RandomGenerator random) {
        return random.nextLong(Math.min(CAP_NANOS, BASE_NANOS << Math.min(retry - 1, DOUBLINGS_TO_CAP)));
    }
}
