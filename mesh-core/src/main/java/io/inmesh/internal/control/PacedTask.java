package io.inmesh.internal.control;

import io.inmesh.internal.time.ControlThread;
import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A task that runs as soon as it is asked for, but not before it has had its rest. However often it is asked for
 * meanwhile, it runs once. Control thread only.
 */
final class PacedTask {
    private final Runnable task;
    private final long restNanos;
    private final ControlThread thread;
    private long restedAtNanos;
    private boolean resting;
    private boolean asked;
    private @Nullable Future<?> waiting;

    /**
     * Makes a task that has rested.
     *
     * @param thread runs the task behind everything that was handed over before
     */
    PacedTask(Runnable task, Duration rest, ControlThread thread) {
        this.task = task;
        this.restNanos = rest.toNanos();
        this.thread = thread;
    }

    void ask() {
        if (asked) {
            return;
        }
        asked = true;
        long wait = resting ? restedAtNanos - thread.time().nanoTime() : 0;
        if (wait > 0) {
            waiting = thread.after(wait, this::run);
        } else {
            thread.executor().execute(this::run);
        }
    }

    private void run() {
        asked = false;
        waiting = null;
        task.run();
    }

    /** Begins a rest now. Told by the task itself when it has done what must not be done too often. */
    void rest() {
        restedAtNanos = thread.time().nanoTime() + restNanos;
        resting = true;
    }

    /** Ends the wait for the end of a rest; the task is not run for it. */
    void cancel() {
        if (waiting != null) {
            waiting.cancel(false);
        }
    }
}
