package io.inmesh.internal.time;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Runs tasks one at a time in the order in which they were handed over, on whatever thread the executor below offers. A
 * task sees everything that the tasks before it wrote, so their common state needs neither lock nor volatile.
 * Thread-safe; never blocks.
 */
public final class SerialExecutor implements Executor {
    private final Executor below;
    private final Consumer<Throwable> onFailure;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    /**
     * Tasks handed over and not finished. Whoever raises it from 0 starts the drain, and the drain ends when it lowers it
     * to 0: at most one drain runs. A task is queued before it is counted, so a drain that sees a count finds a task.
     */
    private final AtomicInteger unfinished = new AtomicInteger();

    private volatile boolean refused;

    /**
     * Makes an executor.
     *
     * @param onFailure hears what a task throws; the next task runs all the same
     */
    public SerialExecutor(Executor below, Consumer<Throwable> onFailure) {
        this.below = below;
        this.onFailure = onFailure;
    }

    /** Hands a task over; dropped without a word once the executor below has been shut down. */
    @Override
    public void execute(Runnable task) {
        if (refused) {
            return;
        }
        tasks.add(task);
        if (unfinished.getAndIncrement() == 0) {
            try {
                below.execute(this::drain);
            } catch (RejectedExecutionException shutDown) {
                refused = true;
                tasks.clear();
            }
        }
    }

    private void drain() {
        do {
            try {
                tasks.remove().run();
            } catch (Throwable thrown) {
                onFailure.accept(thrown);
            }
        } while (unfinished.decrementAndGet() != 0);
    }
}
