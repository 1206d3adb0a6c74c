package io.inmesh.internal.time;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of one mesh.
 *
 * @param control where snapshots are built; tasks may compute but not wait
 * @param timer starts things at their time; tasks are short
 * @param blocking for what waits, such as name resolution
 * @param copies for copies of requests, which wait for answers; rejects what is more than it can take
 * @param hedges for second attempts of calls, which wait for answers; rejects what cannot begin at once
 * @param onClose ends them
 */
public record Threads(
        Executor control,
        ScheduledExecutorService timer,
        Executor blocking,
        Executor copies,
        Executor hedges,
        Runnable onClose)
        implements AutoCloseable {
    /** Threads of which second attempts share those for copies. */
    public Threads(
            Executor control, ScheduledExecutorService timer, Executor blocking, Executor copies, Runnable onClose) {
        this(control, timer, blocking, copies, copies, onClose);
    }

    /** Copies of requests that are under way at a time. */
    private static final int COPIES = 16;

    /** Copies of requests that wait for one of those to end. */
    private static final int WAITING_COPIES = 256;

    /** Second attempts that are under way at a time; what comes later is not worth waiting. */
    private static final int HEDGES = 64;

    private static final int BLOCKING_THREADS = 4;
    private static final long IDLE_SECONDS = 10;

    /**
     * Own daemon threads: {@code inmesh-control}, {@code inmesh-timer} and, while needed, {@code inmesh-dns-n}, {@code
     * inmesh-mirror-n} and {@code inmesh-hedge-n}.
     */
    public static Threads daemon() {
        ThreadPoolExecutor control =
                new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named("inmesh-control"));
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, named("inmesh-timer"));
        // Nearly every deadline is cancelled long before it is due and must not be kept until then.
        timer.setRemoveOnCancelPolicy(true);
        ThreadPoolExecutor blocking = whileNeeded("inmesh-dns-", BLOCKING_THREADS, new LinkedBlockingQueue<>());
        ThreadPoolExecutor copies = whileNeeded("inmesh-mirror-", COPIES, new ArrayBlockingQueue<>(WAITING_COPIES));
        ThreadPoolExecutor hedges = new ThreadPoolExecutor(
                0, HEDGES, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), numbered("inmesh-hedge-"));
        return new Threads(control, timer, blocking, copies, hedges, () -> {
            control.shutdown();
            // Deadlines of calls that are under way stay in force: the timer ends after the last of them.
            timer.shutdown();
            interrupt(blocking);
            interrupt(copies);
            // Their calls go on, too.
            hedges.shutdown();
        });
    }

    private static ThreadPoolExecutor whileNeeded(String name, int threads, BlockingQueue<Runnable> queue) {
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, queue, numbered(name));
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /** Ends the threads; what the timer has been given before still runs. Idempotent. */
    @Override
    public void close() {
        onClose.run();
    }

    private static void interrupt(ExecutorService executor) {
        executor.shutdownNow().clear();
    }

    private static ThreadFactory numbered(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> named(name + number.incrementAndGet()).newThread(task);
    }

    private static ThreadFactory named(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
