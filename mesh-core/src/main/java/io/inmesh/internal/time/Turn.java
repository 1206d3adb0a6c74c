package io.inmesh.internal.time;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Something that the thread which made it waits for, and that another thread gives it once. Thread-safe. Holds no lock while
 * waiting, so a virtual thread leaves its carrier.
 *
 * @param <T> what is given
 */
public final class Turn<T> {
    /** A caller can cancel without interrupting the thread that waits, so waiting looks up this often. */
    private static final long LOOK_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Thread waiting = Thread.currentThread();
    private volatile @Nullable T given;

    /** Nothing was given. */
    public Turn() {}

    /** Gives it; once. */
    public void give(T value) {
        given = value;
        LockSupport.unpark(waiting);
    }

    /** What was given; null as long as nothing was. */
    public @Nullable T given() {
        return given;
    }

    /**
     * Waits.
     *
     * @param stop polled while waiting, at least every 20 ms of real time
     * @return what was given; null when {@code stop} said so before
     * @throws InterruptedException when the thread is interrupted before
     */
    public @Nullable T await(BooleanSupplier stop) throws InterruptedException {
        for (T value = given; ; value = given) {
            if (value != null) {
                return value;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (stop.getAsBoolean()) {
                return null;
            }
            LockSupport.parkNanos(this, LOOK_UP_NANOS);
        }
    }
}
