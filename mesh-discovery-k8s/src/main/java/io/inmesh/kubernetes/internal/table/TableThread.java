package io.inmesh.kubernetes.internal.table;

import io.inmesh.kubernetes.internal.time.StartWait;
import io.inmesh.kubernetes.internal.time.Timing;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread to which a table belongs, its clock and the waits that end on it. Nothing runs once it is closed. */
final class TableThread implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(TableThread.class);

    private static final Duration CLOSE_WAIT = Duration.ofSeconds(2);

    private final ScheduledExecutorService scheduler;
    private final Timing timing;
    private final StartWait startWait;

    /** The thread that is at work right now, for telling whether that is us. */
    private volatile @Nullable Thread running;

    /**
     * Makes the table's thread of a scheduler that has one.
     *
     * @param scheduler ended by {@link #close}
     * @param startWait for the first word of the server, shared with all who wait for it
     */
    TableThread(ScheduledExecutorService scheduler, Timing timing, StartWait startWait) {
        this.scheduler = scheduler;
        this.timing = timing;
        this.startWait = startWait;
    }

    /** Monotonic nanoseconds, for subtraction only. */
    long nanoTime() {
        return timing.nanoTime();
    }

    /** A wait for the first word of the server, which ends for all who wait for it at the same time. */
    BoundedWait waitForServer(Runnable onEnd) {
        return new BoundedWait(this, startWait::left, onEnd);
    }

    /** A wait for something else, as long as that for the server at most. */
    BoundedWait waitForMore(Runnable onEnd) {
        return new BoundedWait(this, startWait::longest, onEnd);
    }

    @Override
    public void execute(Runnable task) {
        after(Duration.ZERO, task);
    }

    void after(Duration delay, Runnable task) {
        try {
            var unused = scheduler.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            LOG.trace("The table is closed", closed);
        }
    }

    private void run(Runnable task) {
        running = Thread.currentThread();
        try {
            task.run();
        } catch (RuntimeException | StackOverflowError failure) {
            LOG.error("A task of the endpoint table failed; what it would have changed stays as it was", failure);
        } finally {
            running = null;
        }
    }

    /** Runs a last task, waits for it for a bounded time unless this is the table's thread, and ends the thread. Idempotent. */
    void close(Runnable last) {
        if (scheduler.isShutdown()) {
            return;
        }
        CountDownLatch done = new CountDownLatch(1);
        execute(() -> {
            last.run();
            scheduler.shutdownNow();
            done.countDown();
        });
        try {
            if (running != Thread.currentThread() && !done.await(CLOSE_WAIT.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.warn("The endpoint table is busy; its watches are closed when it is done");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
