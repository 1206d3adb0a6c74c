package io.inmesh.okhttp.internal.time;

import java.util.function.LongSupplier;

/** The machine's monotonic nanoseconds, comparable by difference only: a step of the clock does not change them. */
public final class Ticker {
    /** Thread-safe. */
    public static final LongSupplier SYSTEM = System::nanoTime;

    private Ticker() {}
}
