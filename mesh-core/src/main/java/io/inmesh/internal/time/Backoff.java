package io.inmesh.internal.time;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait after one failure after the other: a window that doubles from its first width up to a longest one, and
 * two ways to draw a wait from it. Immutable.
 */
public final class Backoff {
    private final long firstNanos;
    private final long longestNanos;

    /**
     * Makes a back-off.
     *
     * @param first window after the first failure, above zero
     * @param longest upper bound of every window, the first among them
     */
    public Backoff(Duration first, Duration longest) {
        this.firstNanos = first.toNanos();
        this.longestNanos = longest.toNanos();
    }

    /**
     * Draws a wait between nothing and the whole window, for calls that meet at one server after an instant's trouble.
     *
     * @param failures in a row, 1 after the first
     * @return nanoseconds, 0 (inclusive) to the window (exclusive)
     */
    public long anywhereInWindow(int failures, RandomGenerator random) {
        return random.nextLong(window(failures));
    }

    /**
     * Draws a wait of nearly the whole window.
     *
     * @param failures in a row, 1 after the first
     * @return nanoseconds, as {@link #upToAFifthSooner} has it
     */
    public long nearlyWholeWindow(int failures, RandomGenerator random) {
        return upToAFifthSooner(window(failures), random);
    }

    /** Shortens a wait by a fifth at most, so that the clients of one server do not come all at once. */
    public static long upToAFifthSooner(long nanos, RandomGenerator random) {
        return nanos - (long) (nanos * 0.2 * random.nextDouble());
    }

    private long window(int failures) {
        int mostDoublings = Long.numberOfLeadingZeros(firstNanos) - 1;
        return Math.min(longestNanos, firstNanos << Math.min(failures - 1, mostDoublings));
    }
}
