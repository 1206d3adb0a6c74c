package io.inmesh.kubernetes.internal.table;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread to which a table belongs. Nothing runs once it is closed. */
final class TableThread implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(TableThread.class);

    private static final Duration CLOSE_WAIT = Duration.ofSeconds(2);

    private final ScheduledExecutorService scheduler;

    /** The thread that is at work right now, for telling whether that is us. */
    private volatile @Nullable Thread running;

    TableThread(ScheduledExecutorService scheduler) {
        this.scheduler = scheduler;
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
