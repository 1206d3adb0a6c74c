package io.inmesh.internal.time;

import java.time.Instant;
import java.util.function.BooleanSupplier;

/** Time as a parameter. Thread-safe. */
public interface TimeSource {
    /** Monotonic nanoseconds, comparable by difference only. */
    long nanoTime();

    /** Wall clock. */
    Instant now();

    /**
     * Blocks the calling thread.
     *
     * @param nanos zero or less returns at once
     * @param canceled polled while waiting, at least every 20 ms of real time
     * @return true when the whole time has passed, false when {@code canceled} said so before
     * @throws InterruptedException when the thread is interrupted
     */
    boolean sleep(long nanos, BooleanSupplier canceled) throws InterruptedException;

    /** The machine's clock. */
    static TimeSource system() {
        return SystemTime.INSTANCE;
    }
}
