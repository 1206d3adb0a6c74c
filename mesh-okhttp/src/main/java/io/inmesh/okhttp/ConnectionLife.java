package io.inmesh.okhttp;

import io.inmesh.call.ConnectionSettings;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * How long one connection gets requests, by the settings that it was opened with: what it has carried, how old it is and how
 * long nobody has used it. Requests that are under way when it is over go on. Thread-safe.
 */
final class ConnectionLife {
    private final ConnectionSettings settings;
    private final LongSupplier ticker;
    private final long openedNanos;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger users = new AtomicInteger();
    private volatile long unusedSinceNanos;
    private volatile boolean idledTooLong;

    /** A connection is opened. */
    ConnectionLife(ConnectionSettings settings, LongSupplier ticker) {
        this.settings = settings;
        this.ticker = ticker;
        this.openedNanos = ticker.getAsLong();
        this.unusedSinceNanos = openedNanos;
    }

    /** A call has it from now on. */
    void taken() {
        // Some versions of OkHttp take a connection first and ask then whether it can be used.
        if (idlesTooLong()) {
            idledTooLong = true;
        }
        users.incrementAndGet();
    }

    /** A call begins to send a request. */
    void requestBegins() {
        requests.incrementAndGet();
    }

    /** A call no longer has it. */
    void left() {
        unusedSinceNanos = ticker.getAsLong();
        users.decrementAndGet();
    }

    /** Whether it has carried as many requests as it may; never undone. */
    boolean hasCarriedAll() {
        return settings.maxRequests() > 0 && requests.get() >= settings.maxRequests();
    }

    /** Whether it gets no more requests. */
    boolean over() {
        return idledTooLong || hasCarriedAll() || isTooOld() || idlesTooLong();
    }

    private boolean isTooOld() {
        return settings.maxDurationNanos() > 0 && ticker.getAsLong() - openedNanos >= settings.maxDurationNanos();
    }

    private boolean idlesTooLong() {
        return settings.idleTimeoutNanos() > 0
                && users.get() <= 0
                && ticker.getAsLong() - unusedSinceNanos >= settings.idleTimeoutNanos();
    }
}
