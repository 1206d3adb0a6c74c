package io.inmesh.okhttp;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.internal.concurrent.TaskRunner;
import okhttp3.internal.connection.ConnectionListener;

/**
 * Runs the cleanup of connection pools, once a second at most. OkHttp's own wakes a thread whenever a connection becomes
 * idle, after each call that is: on HTTP/1 the dearest part of a small call beside its reads and writes. A connection is
 * closed up to a second late for that.
 *
 * <p>Uses internals of OkHttp, so that it cannot be loaded where they are hidden or gone.
 *
 * <p>OkHttp calls it with the runner's lock held, so it has none.
 */
final class PoolCleanup implements TaskRunner.Backend {
    private static final long PACE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final TaskRunner.Backend backend;
    private long mayNotifyFrom;

    PoolCleanup(TaskRunner.Backend backend) {
        this.backend = backend;
        this.mayNotifyFrom = backend.nanoTime();
    }

    /**
     * A pool as OkHttp has it, of other pace.
     *
     * @throws LinkageError where OkHttp (before 5.3) does not let itself be told
     */
    static ConnectionPool pool(int maxIdleConnections, long keepAlive, TimeUnit unit) {
        return new ConnectionPool(
                maxIdleConnections, keepAlive, unit, Runner.OF_ALL_POOLS, ConnectionListener.Companion.getNONE());
    }

    /** One for the whole process, as OkHttp has one for its pools. Its threads end when they have nothing to do. */
    private static final class Runner {
        static final TaskRunner OF_ALL_POOLS = new TaskRunner(
                new PoolCleanup(new TaskRunner.RealBackend(task -> {
                    Thread thread = new Thread(task, "OkHttp TaskRunner");
                    thread.setDaemon(true);
                    return thread;
                })),
                TaskRunner.Companion.getLogger());

        private Runner() {}
    }

    @Override
    public long nanoTime() {
        return backend.nanoTime();
    }

    @Override
    public void coordinatorNotify(TaskRunner runner) {
        long now = backend.nanoTime();
        if (now - mayNotifyFrom >= 0) {
            mayNotifyFrom = now + PACE_NANOS;
            backend.coordinatorNotify(runner);
        }
    }

    @Override
    public void coordinatorWait(TaskRunner runner, long nanos) {
        long untilNotified = mayNotifyFrom - backend.nanoTime();
        // What is asked for until then does not end the wait.
        backend.coordinatorWait(runner, untilNotified > 0 ? Math.min(nanos, untilNotified) : nanos);
    }

    @Override
    public <T> BlockingQueue<T> decorate(BlockingQueue<T> queue) {
        return backend.decorate(queue);
    }

    @Override
    public void execute(TaskRunner runner, Runnable runnable) {
        backend.execute(runner, runnable);
    }
}
