package io.inmesh.testing;

import io.inmesh.internal.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Clock and scheduler in one. Time stands still until a test calls {@link #advance}, which runs what becomes due on the
 * calling thread; nothing runs inside {@code execute} or {@code schedule}. A thread that sleeps on this clock moves it
 * itself. Thread-safe.
 */
public final class ManualClock extends AbstractExecutorService implements TimeSource, ScheduledExecutorService {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final PriorityQueue<Task<?>> tasks = new PriorityQueue<>(
            Comparator.<Task<?>>comparingLong(task -> task.due).thenComparingLong(task -> task.order));

    private final List<Duration> sleeps = new ArrayList<>();
    private final long origin;
    private Instant start = START;

    /** Since the origin. */
    private long nanos;

    private long order;
    private boolean shutdown;

    /** A clock that begins at zero. */
    public ManualClock() {
        this(0);
    }

    /** A clock whose {@link #nanoTime} begins anywhere, as that of a machine does, and overflows. */
    public ManualClock(long origin) {
        this.origin = origin;
    }

    /** Moves the time on, running every task that becomes due on the way, each at its own time. */
    public void advance(Duration duration) {
        long end;
        synchronized (this) {
            end = nanos + duration.toNanos();
        }
        while (runNext(end)) {}
        synchronized (this) {
            nanos = Math.max(nanos, end);
        }
    }

    /** Moves the time on at once, as for a process that was stopped: what has become due meanwhile runs late. */
    public void jump(Duration duration) {
        synchronized (this) {
            nanos += duration.toNanos();
        }
        runDueTasks();
    }

    /** Sets the wall clock on, or back. No time passes. */
    public synchronized void stepWall(Duration step) {
        start = start.plus(step);
    }

    /** Has something happen after a time. */
    public void in(Duration delay, Runnable event) {
        ScheduledFuture<?> unused = schedule(event, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Runs what is due now. */
    public void runDueTasks() {
        advance(Duration.ZERO);
    }

    /** Tasks that wait for their time. */
    public synchronized int waitingTasks() {
        return tasks.size();
    }

    /** Tasks that were ever given, those that were cancelled or have run included. */
    public synchronized long scheduledTasks() {
        return order;
    }

    /** Every sleep asked for, in order. */
    public synchronized List<Duration> sleeps() {
        return List.copyOf(sleeps);
    }

    @Override
    public synchronized long nanoTime() {
        return origin + nanos;
    }

    @Override
    public synchronized Instant now() {
        return start.plusNanos(nanos);
    }

    /** Moves the clock on from task to task; {@code canceled} is asked before and after each. */
    @Override
    public boolean sleep(long duration, BooleanSupplier canceled) throws InterruptedException {
        long end;
        synchronized (this) {
            sleeps.add(Duration.ofNanos(duration));
            end = nanos + duration;
        }
        do {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while sleeping on the manual clock");
            }
            if (canceled.getAsBoolean()) {
                return false;
            }
        } while (runNext(end));
        synchronized (this) {
            nanos = Math.max(nanos, end);
        }
        return true;
    }

    private boolean runNext(long end) {
        Task<?> next;
        synchronized (this) {
            next = tasks.peek();
            if (next == null || next.due > end) {
                return false;
            }
            tasks.remove();
            nanos = Math.max(nanos, next.due);
        }
        next.run();
        return true;
    }

    private synchronized <T> ScheduledFuture<T> add(Callable<T> work, long delay, long period) {
        if (shutdown) {
            throw new RejectedExecutionException("the manual clock is shut down");
        }
        Task<T> task = new Task<>(work, nanos + Math.max(0, delay), period);
        tasks.add(task);
        return task;
    }

    @Override
    public void execute(Runnable command) {
        ScheduledFuture<?> unused = schedule(command, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return add(
                () -> {
                    command.run();
                    return null;
                },
                unit.toNanos(delay),
                0);
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        return add(callable, unit.toNanos(delay), 0);
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
        return add(
                () -> {
                    command.run();
                    return null;
                },
                unit.toNanos(initialDelay),
                unit.toNanos(period));
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
        return scheduleAtFixedRate(command, initialDelay, delay, unit);
    }

    @Override
    public synchronized void shutdown() {
        shutdown = true;
    }

    @Override
    public synchronized List<Runnable> shutdownNow() {
        shutdown = true;
        List<Runnable> left = new ArrayList<>(tasks);
        tasks.clear();
        return left;
    }

    @Override
    public synchronized boolean isShutdown() {
        return shutdown;
    }

    @Override
    public synchronized boolean isTerminated() {
        return shutdown && tasks.isEmpty();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return isTerminated();
    }

    private final class Task<T> extends FutureTask<T> implements RunnableScheduledFuture<T> {
        private final long period;
        private final long order;
        private long due;

        Task(Callable<T> work, long due, long period) {
            super(work);
            this.due = due;
            this.period = period;
            this.order = ManualClock.this.order++;
        }

        @Override
        public void run() {
            if (period == 0) {
                super.run();
            } else if (runAndReset()) {
                synchronized (ManualClock.this) {
                    due += period;
                    tasks.add(this);
                }
            }
        }

        @Override
        public boolean isPeriodic() {
            return period != 0;
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            synchronized (ManualClock.this) {
                tasks.remove(this);
            }
            return super.cancel(mayInterruptIfRunning);
        }

        @Override
        public long getDelay(TimeUnit unit) {
            synchronized (ManualClock.this) {
                return unit.convert(due - nanos, TimeUnit.NANOSECONDS);
            }
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }
}
