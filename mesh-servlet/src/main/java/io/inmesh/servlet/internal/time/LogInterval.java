package io.inmesh.servlet.internal.time;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** The shortest time between two lines of a log that clients could fill. Thread-safe. */
public final class LogInterval {
    private final long between;
    private final LongSupplier nanos;
    private final AtomicLong next;

    /**
     * Begins with a time.
     *
     * @param between from one time to the next
     * @param nanos comparable by difference only
     */
    public LogInterval(Duration between, LongSupplier nanos) {
        this.between = between.toNanos();
        this.nanos = nanos;
        this.next = new AtomicLong(nanos.getAsLong());
    }

    /** Whether it is time; for one of those who ask. */
    public boolean isTime() {
        long now = nanos.getAsLong();
        long due = next.get();
        return now - due >= 0 && next.compareAndSet(due, now + between);
    }
}
