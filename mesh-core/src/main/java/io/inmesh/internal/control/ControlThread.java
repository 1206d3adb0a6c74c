package io.inmesh.internal.control;

import io.inmesh.internal.time.TimeSource;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * The control thread with its clock.
 *
 * @param executor runs tasks on the control thread, one at a time
 * @param random spreads what many processes would do at the same moment
 */
record ControlThread(Executor executor, TimeSource time, ScheduledExecutorService timer, RandomGenerator random) {
    /** Runs a task on the control thread when the time has passed. */
    Future<?> after(long nanos, Runnable task) {
        return timer.schedule(() -> executor.execute(task), nanos, TimeUnit.NANOSECONDS);
    }
}
