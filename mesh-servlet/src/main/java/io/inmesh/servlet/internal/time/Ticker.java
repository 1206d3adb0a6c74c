package io.inmesh.servlet.internal.time;

import java.util.function.LongSupplier;

/** The clock by which a mesh tells deadlines. */
public final class Ticker {
    /** Thread-safe. */
    public static final LongSupplier SYSTEM = System::nanoTime;

    private Ticker() {}
}
