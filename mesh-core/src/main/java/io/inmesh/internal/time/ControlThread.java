package io.inmesh.internal.time;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * The one thread that owns all state of sources and publication, with its clock.
 *
 * @param executor runs tasks on the control thread, one at a time
 * @param timer starts tasks at their time; they may run on any thread
 * @param random spreads what many processes would do at the same moment
 */
public record ControlThread(
        Executor executor, TimeSource time, ScheduledExecutorService timer, RandomGenerator random) {
    /** Runs a task on the control thread when the time has passed; never once the timer has been shut down. */
    public Future<?> after(long nanos, Runnable task) {
        try {
            return timer.schedule(() -> executor.execute(task), nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            return CompletableFuture.completedFuture(null);
        }
    }
}
