package io.inmesh.internal.host;

import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;

/**
 * One attempt in flight on a host. Whoever ends the attempt completes the ticket; the first completion counts, so that
 * the end of the body, a cancel and a deadline may race. Thread-safe.
 */
public final class HostTicket {
    private static final int WAITING = 0;
    private static final int ANSWERED = 1;
    private static final int ENDED = 2;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(HostTicket.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Host host;
    private final long begunNanos;

    /** Never goes back: waiting for response headers, answered, ended. */
    @SuppressWarnings("UnusedVariable") // read and written by STATE
    private volatile int state;

    HostTicket(Host host, long begunNanos) {
        this.host = host;
        this.begunNanos = begunNanos;
    }

    /** Where the attempt went. */
    public Host host() {
        return host;
    }

    /** Notes that response headers are there. The first call counts; after completion it does nothing. */
    public void responseStarted() {
        if (STATE.compareAndSet(this, WAITING, ANSWERED)) {
            host.requestAnswered();
        }
    }

    /**
     * Ends the attempt: the host has one request less in flight.
     *
     * @return true for the first call, false for every later one, which changes nothing
     */
    public boolean complete(Outcome how, long nowNanos) {
        Objects.requireNonNull(how);
        int before = (int) STATE.getAndSet(this, ENDED);
        if (before == ENDED) {
            return false;
        }
        if (how instanceof Outcome.NeverSent neverSent && neverSent.flag() == ResponseFlag.UF) {
            host.connectFailed(begunNanos, nowNanos);
        }
        if (before == WAITING) {
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
}
