package io.inmesh.internal.engine;

import io.inmesh.internal.time.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deadlines of all calls under way, and one wake-up of the timer for the nearest of them. Nearly every call ends long
 * before its deadline, and the wake-up stays then: calls that begin later find one that comes before their own deadline.
 * So the timer is given something to do only when a deadline is nearer than all before, and once in each such time.
 *
 * <p>Thread-safe. Takes a lock only around wake-ups.
 */
final class Deadlines implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Deadlines.class);

    private final TimeSource time;
    private final ScheduledExecutorService timer;
    private final Set<Deadline> waiting = ConcurrentHashMap.newKeySet();
    private final ReentrantLock planning = new ReentrantLock();

    /** Those of calls that were under way at the close. */
    private final List<Future<?>> last = new ArrayList<>();

    /** The next one. None while the deadlines are looked at, so that who begins meanwhile plans another. */
    private volatile @Nullable WakeUp next;

    private volatile boolean closed;

    private record WakeUp(long atNanos, Future<?> task) {
        boolean isInTimeFor(Deadline deadline) {
            return !deadline.isBefore(atNanos);
        }
    }

    Deadlines(TimeSource time, ScheduledExecutorService timer) {
        this.time = time;
        this.timer = timer;
    }

    /**
     * Starts the clock. The attempt that the deadline covers when the time has passed is cancelled on the timer's thread.
     *
     * @param atNanos by the time source
     */
    Deadline startAt(long atNanos) {
        Deadline deadline = new Deadline(this, atNanos);
        start(deadline);
        return deadline;
    }

    /** Starts the clock of a deadline that was made for this. */
    void start(Deadline deadline) {
        // Before the look at the wake-up: what is planned too late for it has not begun to look at the deadlines.
        waiting.add(deadline);
        WakeUp planned = next;
        if (planned == null || !planned.isInTimeFor(deadline)) {
            plan(deadline);
        }
    }

    void remove(Deadline deadline) {
        waiting.remove(deadline);
        if (closed && waiting.isEmpty()) {
            cancelLast();
        }
    }

    /** Calls that are under way. */
    int size() {
        return waiting.size();
    }

    private void plan(Deadline deadline) {
        planning.lock();
        try {
            WakeUp planned = next;
            // A call that was delayed by a fault while the mesh was closed goes on without a deadline.
            if (closed || (planned != null && planned.isInTimeFor(deadline))) {
                return;
            }
            if (planned != null) {
                planned.task.cancel(false);
            }
            next = new WakeUp(deadline.atNanos(), wakeUpAt(deadline));
        } catch (RejectedExecutionException timerEnded) {
            next = null;
        } finally {
            planning.unlock();
        }
    }

    private Future<?> wakeUpAt(Deadline deadline) {
        return timer.schedule(this::wakeUp, deadline.atNanos() - time.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private void wakeUp() {
        forgetWakeUp();
        long now = time.nanoTime();
        List<Deadline> due = new ArrayList<>();
        Deadline nearest = null;
        for (Deadline deadline : waiting) {
            if (deadline.isDue(now)) {
                due.add(deadline);
            } else if (nearest == null || deadline.isBefore(nearest.atNanos())) {
                nearest = deadline;
            }
        }
        if (nearest != null) {
            plan(nearest);
        }
        due.forEach(this::fire);
    }

    /** By the lock, as a wake-up that is due at once can run before whoever plans it has noted it. */
    private void forgetWakeUp() {
        planning.lock();
        try {
            WakeUp planned = next;
            if (planned != null) {
                // It may be another one than the one that runs: one that came too late to take its place.
                planned.task.cancel(false);
            }
            next = null;
        } finally {
            planning.unlock();
        }
    }

    /** Its time has come. */
    void fire(Deadline deadline) {
        try {
            deadline.fire();
        } catch (RuntimeException | Error broken) {
            // The others that are due come after it.
            LOG.warn("A call could not be broken off at its deadline", broken);
        } finally {
            remove(deadline);
        }
    }

    /**
     * Gives each call that is under way a wake-up of its own, since a timer that is shut down runs what it has but takes
     * nothing more. Calls that begin later have no deadline. Idempotent.
     */
    @Override
    public void close() {
        planning.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            WakeUp planned = next;
            if (planned != null) {
                planned.task.cancel(false);
            }
            for (Deadline deadline : waiting) {
                last.add(wakeUpAt(deadline));
            }
        } catch (RejectedExecutionException timerEnded) {
            LOG.debug("The timer ended before the mesh", timerEnded);
        } finally {
            planning.unlock();
        }
        if (waiting.isEmpty()) {
            cancelLast();
        }
    }

    /** Nobody is left for whom to wake up. */
    private void cancelLast() {
        planning.lock();
        try {
            last.forEach(task -> task.cancel(false));
            last.clear();
        } finally {
            planning.unlock();
        }
    }
}
