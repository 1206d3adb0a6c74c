package io.inmesh.internal.host;

import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One attempt in flight on a host. Whoever ends the attempt completes the ticket; the first completion counts, so that
 * the end of the body, a cancel and a deadline may race. Thread-safe.
 */
public final class HostTicket {
    private static final long UNKNOWN = -1;

    /** Of response headers: the attempt ended before there were any. */
    private static final long NEVER = -2;

    private static final VarHandle OUTCOME;
    private static final VarHandle HEADERS_NANOS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            OUTCOME = lookup.findVarHandle(HostTicket.class, "outcome", Outcome.class);
            HEADERS_NANOS = lookup.findVarHandle(HostTicket.class, "headersNanos", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Host host;
    private final long begunNanos;

    /** Null until completed; set by the one CAS that decides who completes. */
    private volatile @Nullable Outcome outcome;

    private volatile long headersNanos = UNKNOWN;
    private volatile long totalNanos = UNKNOWN;

    HostTicket(Host host, long begunNanos) {
        this.host = host;
        this.begunNanos = begunNanos;
    }

    /** Where the attempt went. */
    public Host host() {
        return host;
    }

    /** Notes that response headers are there. The first call counts; after completion it does nothing. */
    public void responseStarted(long nowNanos) {
        if (outcome == null && HEADERS_NANOS.compareAndSet(this, UNKNOWN, elapsed(nowNanos))) {
            host.requestAnswered();
        }
    }

    /**
     * Ends the attempt: the host has one request less in flight.
     *
     * @return true for the first call, false for every later one, which changes nothing
     */
    public boolean complete(Outcome how, long nowNanos) {
        if (!OUTCOME.compareAndSet(this, null, Objects.requireNonNull(how))) {
            return false;
        }
        totalNanos = elapsed(nowNanos);
        if (how instanceof Outcome.NeverSent neverSent && neverSent.flag() == ResponseFlag.UF) {
            host.connectFailed(begunNanos, nowNanos);
        }
        if (HEADERS_NANOS.compareAndSet(this, UNKNOWN, NEVER)) {
            host.requestEnded();
        } else {
            host.answeredRequestEnded();
        }
        return true;
    }

    /** Notes that the attempt ended, however it did, before there was a connection to the host. */
    public void neverConnected(long nowNanos) {
        host.connectFailed(begunNanos, nowNanos);
    }

    /** How it ended, null while in flight. */
    public @Nullable Outcome outcome() {
        return outcome;
    }

    /** From begin to response headers; -1 when there are none (yet). */
    public long headersNanos() {
        return Math.max(UNKNOWN, headersNanos);
    }

    /** From begin to completion; -1 while in flight. Whoever got true from {@link #complete} sees it set. */
    public long totalNanos() {
        return totalNanos;
    }

    private long elapsed(long nowNanos) {
        return Math.max(0, nowNanos - begunNanos);
    }
}
