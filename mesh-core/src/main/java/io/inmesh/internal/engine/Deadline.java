package io.inmesh.internal.engine;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The time by which a call must be over, end of body included. Either it fires, once, and breaks the exchange off, or the
 * call ends before and it never will. Thread-safe.
 */
final class Deadline {
    private enum State {
        WAITING,
        FIRED,
        OVER
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private final Deadlines all;
    private final long atNanos;
    private @Nullable Runnable abort;

    /**
     * Makes a deadline that waits.
     *
     * @param all those among which it waits
     * @param atNanos when it fires, by the time source
     * @param abort run when the time has passed
     */
    Deadline(Deadlines all, long atNanos, Runnable abort) {
        this.all = all;
        this.atNanos = atNanos;
        this.abort = abort;
    }

    long atNanos() {
        return atNanos;
    }

    boolean isBefore(long nanos) {
        return atNanos - nanos < 0;
    }

    boolean isDue(long nowNanos) {
        return atNanos - nowNanos <= 0;
    }

    /** Breaks the call off unless it is over. */
    void fire() {
        if (state.compareAndSet(State.WAITING, State.FIRED)) {
            Runnable once = abort;
            // It leads to the exchange, and that may lead to a response that the caller has dropped.
            abort = null;
            if (once != null) {
                once.run();
            }
        }
    }

    /** Whether the time passed before the call was over. */
    boolean fired() {
        return state.get() == State.FIRED;
    }

    /** The call is over: from here on it does not fire. Returns whether it has. */
    boolean over() {
        if (state.compareAndSet(State.WAITING, State.OVER)) {
            // It leads to the exchange and so to the request with its body, and this may be held on to for longer.
            abort = null;
            all.remove(this);
        }
        return fired();
    }

    /** Equality is identity; the identity's own hash would cost each call a way into the JVM. */
    @Override
    public int hashCode() {
        return Long.hashCode(atNanos);
    }
}
