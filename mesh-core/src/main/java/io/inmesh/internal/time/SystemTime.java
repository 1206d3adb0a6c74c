package io.inmesh.internal.time;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

final class SystemTime implements TimeSource {
    static final SystemTime INSTANCE = new SystemTime();

    /** OkHttp's cancel does not interrupt the waiting thread, so waiting looks up this often. */
    private static final long LOOK_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private SystemTime() {}

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public boolean sleep(long nanos, BooleanSupplier canceled) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = end - System.nanoTime()) {
            if (canceled.getAsBoolean()) {
                return false;
            }
            TimeUnit.NANOSECONDS.sleep(Math.min(left, LOOK_UP_NANOS));
        }
        return true;
    }
}
