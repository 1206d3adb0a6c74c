package io.inmesh.servlet.internal.time;

import java.util.function.LongSupplier;

/** The machine's clock, to be handed to whoever reads the time of day. */
public final class WallClock {
    /** Milliseconds since 1970. Thread-safe. */
    public static final LongSupplier MILLIS = System::currentTimeMillis;

    private WallClock() {}
}
