package io.inmesh.internal.cluster;

import io.inmesh.event.Ejection;
import io.inmesh.internal.time.TimeSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** What clusters need for what they do by themselves, and whom they tell of it. Called on any thread; must not block. */
public interface ClusterSurroundings {
    /** Nobody is told, and what is done later is done by a thread of the JDK. */
    ClusterSurroundings ALONE = new ClusterSurroundings() {};

    /** The clock. */
    default TimeSource time() {
        return TimeSource.system();
    }

    /** Runs a task on any thread when the time has passed. */
    default Future<?> after(long nanos, Runnable task) {
        return CompletableFuture.runAsync(
                task, CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS, Runnable::run));
    }

    /**
     * How long a balancer that has just followed a change of health lets further ones come together before it follows them;
     * 0 for not at all (Envoy: update_merge_window).
     */
    default long mergeNanos() {
        return 0;
    }

    /** A host has been ejected. */
    default void ejected(Ejection ejection) {}

    /** An ejection is over. */
    default void readmitted(Ejection ejection) {}
}
