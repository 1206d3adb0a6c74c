package io.inmesh.servlet.internal.time;

import java.util.function.LongSupplier;

/** The machine's clocks, to be handed to whoever reads time. */
public final class WallClock {
    /** Milliseconds since 1970. Thread-safe. */
    public static final LongSupplier MILLIS = System::currentTimeMillis;

    /** Nanoseconds, comparable by difference only. Thread-safe. */
    public static final LongSupplier NANOS = System::nanoTime;

    private WallClock() {}
}
