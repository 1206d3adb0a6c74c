package io.inmesh.internal.cluster;

import io.inmesh.internal.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Surroundings as simple as Lincheck needs them: no threads, and time moves with the task that waits for it. */
public final class StoppedTime implements ClusterSurroundings, TimeSource {
    private final AtomicReference<@Nullable Runnable> last = new AtomicReference<>();
    private final AtomicLong now = new AtomicLong();

    /** Runs the task that was given last, if it has not run, after a time. */
    void runLast(Duration after) {
        Runnable task = last.getAndSet(null);
        if (task != null) {
            now.addAndGet(after.toNanos());
            task.run();
        }
    }

    @Override
    public TimeSource time() {
        return this;
    }

    @Override
    public Future<?> after(long nanos, Runnable task) {
        last.set(task);
        return new CompletableFuture<>();
    }

    @Override
    public long nanoTime() {
        return now.get();
    }

    @Override
    public Instant now() {
        return Instant.EPOCH;
    }

    @Override
    public boolean sleep(long nanos, BooleanSupplier canceled) {
        throw new UnsupportedOperationException();
    }
}
