package io.inmesh.internal.engine;

import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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
    private final Runnable abort;
    private @Nullable Future<?> timer;

    private Deadline(Runnable abort) {
        this.abort = abort;
    }

    /**
     * Starts the clock.
     *
     * @param nanos 0 for a deadline that never fires
     * @param abort run on the timer thread when the time has passed
     */
    static Deadline start(ScheduledExecutorService timer, long nanos, Runnable abort) {
        Deadline deadline = new Deadline(abort);
        if (nanos > 0) {
            try {
                deadline.timer = timer.schedule(deadline::fire, nanos, TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException meshClosed) {
                // A call that was delayed by a fault while the mesh was closed goes on without a deadline.
                deadline.timer = null;
            }
        }
        return deadline;
    }

    private void fire() {
        if (state.compareAndSet(State.WAITING, State.FIRED)) {
            abort.run();
        }
    }

    /** Whether the time passed before the call was over. */
    boolean fired() {
        return state.get() == State.FIRED;
    }

    /** The call is over: from here on it does not fire. Returns whether it has. */
    boolean over() {
        if (state.compareAndSet(State.WAITING, State.OVER) && timer != null) {
            timer.cancel(false);
        }
        return fired();
    }
}
