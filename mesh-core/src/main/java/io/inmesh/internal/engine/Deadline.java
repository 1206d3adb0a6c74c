package io.inmesh.internal.engine;

import io.inmesh.call.TransportAttempt;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The time by which a call must be over, end of body included. Either it fires, once, and cancels the attempt under way,
 * or the call ends before and it never will. Thread-safe.
 */
class Deadline {
    private static final Object FIRED = new Object();
    private static final Object OVER = new Object();

    /**
     * The attempt to cancel, null before the first, while the deadline waits; then FIRED or OVER, so that an attempt is not
     * held on to: it leads to the request with its body, and may lead to a response that the caller has dropped.
     */
    private final AtomicReference<@Nullable Object> state = new AtomicReference<>();

    private final Deadlines all;
    private final long atNanos;

    /**
     * Makes a deadline that waits.
     *
     * @param all those among which it waits
     * @param atNanos when it fires, by the time source
     */
    Deadline(Deadlines all, long atNanos) {
        this.all = all;
        this.atNanos = atNanos;
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

    /** From here on this attempt is the one to cancel, at once if the deadline has fired. */
    void covers(TransportAttempt<?> attempt) {
        Object before = moveTo(attempt);
        if (before == FIRED) {
            attempt.cancel();
        }
    }

    /** Cancels the attempt under way unless the call is over; whether this was the time at which it fires. */
    boolean fire() {
        Object before = moveTo(FIRED);
        if (before instanceof TransportAttempt<?> attempt) {
            attempt.cancel();
        }
        return before != FIRED && before != OVER;
    }

    /** Whether the time passed before the call was over. */
    boolean fired() {
        return state.get() == FIRED;
    }

    /** The call is over: from here on it does not fire. Returns whether it has. */
    boolean over() {
        Object before = moveTo(OVER);
        if (before != FIRED && before != OVER) {
            all.remove(this);
        }
        return before == FIRED;
    }

    /** Leaves FIRED and OVER as they are; returns what was before. */
    private @Nullable Object moveTo(Object next) {
        while (true) {
            Object now = state.get();
            if (now == FIRED || now == OVER || state.compareAndSet(now, next)) {
                return now;
            }
        }
    }

    /** Equality is identity; the identity's own hash would cost each call a way into the JVM. */
    @Override
    public int hashCode() {
        return Long.hashCode(atNanos);
    }
}
