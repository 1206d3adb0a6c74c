package io.inmesh.kubernetes.internal.time;

import java.time.Duration;
import java.time.Instant;

/** Clock, waiting and randomness as a parameter. Thread-safe. */
public interface Timing {
    /** The machine's own. */
    static Timing system() {
        return SystemTiming.INSTANCE;
    }

    /** Monotonic nanoseconds, for subtraction only. */
    long nanoTime();

    /** Wall clock, for people and for the age of files. */
    Instant now();

    /** Waits. */
    void sleep(Duration time) throws InterruptedException;

    /** Evenly spread over 0 (inclusive) to 1 (exclusive), for jitter. */
    double random();
}
