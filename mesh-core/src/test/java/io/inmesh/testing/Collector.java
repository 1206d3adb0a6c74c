package io.inmesh.testing;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Lets garbage be collected. */
public final class Collector {
    private Collector() {}

    /** Collects until a condition holds; fails after half a minute. */
    public static void collectUntil(BooleanSupplier condition) throws InterruptedException {
        long begun = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(30)) {
                throw new AssertionError("not within 30 s of garbage collection");
            }
            collect();
        }
    }

    /** All that could not be reached when this began has been found by the collector and told to its queues. */
    public static void collect() throws InterruptedException {
        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        PhantomReference<Object> garbage = new PhantomReference<>(new Object(), queue);
        System.gc();
        if (queue.remove(TimeUnit.SECONDS.toMillis(10)) != garbage) {
            throw new AssertionError("System.gc() collects nothing");
        }
    }
}
