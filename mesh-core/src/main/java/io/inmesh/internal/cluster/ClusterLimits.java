package io.inmesh.internal.cluster;

import io.inmesh.explain.LimitUse;
import io.inmesh.internal.time.Turn;
import io.inmesh.observe.Overflow;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What one cluster lets run at once, over its snapshots (Envoy: circuit breakers): requests in flight, requests that wait for
 * a connection of their own, and retries. The settings are those of the policy in force. Where it limits nothing, nothing is
 * counted but retries, and an admission is one read.
 *
 * <p>A request that finds no connection waits for one in order of arrival. A connection that becomes free while others wait
 * is handed to the first of them in the same step, so nobody overtakes.
 *
 * <p>Thread-safe. The three counts are one value, which changes by compare-and-set: no limit is passed by a race, and no
 * request is refused that would have had room. The lock is taken only where requests wait or settings change, and never
 * while waiting, so waiting pins no carrier of a virtual thread.
 */
public final class ClusterLimits {
    /** In the lowest 24 bits. */
    private static final long ACTIVE = 1;

    private static final int PENDING_SHIFT = 24;
    private static final long PENDING = 1L << PENDING_SHIFT;
    private static final int RETRIES_SHIFT = 44;
    private static final long RETRY = 1L << RETRIES_SHIFT;

    private static final int MOST_ACTIVE = (1 << 24) - 1;
    private static final int MOST_OTHERS = (1 << 20) - 1;

    private final AtomicLong counts = new AtomicLong();
    private final ReentrantLock queueing = new ReentrantLock();

    /** Under the lock, as are all changes of how many wait. */
    private final Set<Turn<Admission>> queue = new LinkedHashSet<>();

    /** Written under the lock. */
    private volatile LimitSettings settings;

    /** What becomes of a request that asks to be sent. */
    public enum Admission {
        /** There may be a connection for it soon: {@link #await} is to be asked. */
        TO_WAIT,
        /** It may be sent, and is not counted. */
        UNCOUNTED,
        /** It may be sent, and is counted until {@link #release} or {@link #tryRetry} takes it off. */
        COUNTED,
        /** Too many requests are in flight. */
        TOO_MANY_REQUESTS,
        /** There is no connection for it, and too many wait for one. */
        TOO_MANY_PENDING,
        /** It was told to stop while it waited. */
        STOPPED
    }

    /** Makes limits under which nothing runs yet. */
    ClusterLimits(LimitSettings settings) {
        this.settings = settings;
    }

    /** From now on these settings hold; whoever waits gets what they give. */
    void follow(LimitSettings newSettings) {
        if (settings.equals(newSettings)) {
            return;
        }
        queueing.lock();
        try {
            settings = newSettings;
            handOver();
        } finally {
            queueing.unlock();
        }
    }

    /**
     * Asks whether a request may be sent. Does not wait.
     *
     * @param shares whether it shares its connection with others, as in HTTP/2; then it waits for none
     */
    public Admission admit(boolean shares) {
        LimitSettings limits = settings;
        if (!limits.countsRequests()) {
            return Admission.UNCOUNTED;
        }
        while (true) {
            long now = counts.get();
            if (!shares && (pending(now) > 0 || active(now) >= limits.maxConnections())) {
                return Admission.TO_WAIT;
            }
            if (active(now) >= limits.maxRequests() || active(now) == MOST_ACTIVE) {
                return Admission.TOO_MANY_REQUESTS;
            }
            if (counts.compareAndSet(now, now + ACTIVE)) {
                return Admission.COUNTED;
            }
        }
    }

    /**
     * Waits for a connection, behind those who wait already.
     *
     * @param stop polled while waiting, at least every 20 ms of real time
     * @return anything but TO_WAIT
     * @throws InterruptedException when the thread is interrupted while it waits; then nothing is counted
     */
    public Admission await(BooleanSupplier stop) throws InterruptedException {
        Turn<Admission> turn = new Turn<>();
        Admission answer = queue(turn);
        if (answer != null) {
            return answer;
        }
        try {
            answer = turn.await(stop);
        } catch (InterruptedException | RuntimeException | Error stopped) {
            if (leave(turn) == Admission.COUNTED) {
                release();
            }
            throw stopped;
        }
        return answer == null ? leave(turn) : answer;
    }

    /** A request that was counted has ended, body and all. */
    public void release() {
        long now;
        do {
            now = counts.get();
            assert active(now) > 0 : "more requests ended than were admitted";
        } while (!change(now, now - ACTIVE));
    }

    /**
     * Asks whether a request may be sent again, now that its attempt is over or about to be. Each true is followed by one
     * {@link #retryEnded}; the retry itself is admitted as any attempt.
     *
     * @param counted whether the attempt was {@linkplain Admission#COUNTED counted} and has not been released. If true is
     *     returned it is released, in one step with the retry that begins: of attempts that fail together none is in
     *     the budget of the next
     */
    public boolean tryRetry(boolean counted) {
        LimitSettings limits = settings;
        while (true) {
            long now = counts.get();
            int requests = active(now) + pending(now) + (counted || limits.budget() == null ? 0 : 1);
            if (retries(now) >= Math.min(MOST_OTHERS, limits.maxRetries(requests))) {
                return false;
            }
            if (change(now, now + RETRY - (counted ? ACTIVE : 0))) {
                return true;
            }
        }
    }

    /**
     * Asks whether a request may be sent a second time beside its first attempt, which stays counted. Each true is followed by one
     * {@link #retryEnded}; the second attempt itself is admitted as any other.
     */
    public boolean tryHedge() {
        LimitSettings limits = settings;
        while (true) {
            long now = counts.get();
            if (retries(now) >= Math.min(MOST_OTHERS, limits.maxWithHedge(active(now) + pending(now)))) {
                return false;
            }
            if (counts.compareAndSet(now, now + RETRY)) {
                return true;
            }
        }
    }

    /** A retry has ended, or is not made. */
    public void retryEnded() {
        long before = counts.getAndAdd(-RETRY);
        assert retries(before) > 0 : "more retries ended than began";
    }

    /** Why something was not sent, for people. */
    public String refusal(Overflow overflow) {
        LimitSettings limits = settings;
        return switch (overflow) {
            case REQUESTS ->
                "not sent, because as many requests are in flight as connectionPool.http.http2MaxRequests allows: "
                        + limits.maxRequests();
            case PENDING ->
                "not sent, because all connections are in use that connectionPool.tcp.maxConnections allows ("
                        + limits.maxConnections() + "), and as many requests wait for one as"
                        + " connectionPool.http.http1MaxPendingRequests allows: " + limits.maxPending();
            case RETRIES ->
                "not sent again, because as many retries are in flight as "
                        + (limits.budget() == null ? "connectionPool.http.maxRetries" : "retryBudget") + " allows";
            case CIRCUIT_BREAKER -> throw new IllegalArgumentException(overflow + " is no limit of a cluster");
        };
    }

    /**
     * The limits that there are, and what is in use of them.
     *
     * @param shares as for {@link #admit}
     */
    public List<LimitUse> uses(boolean shares) {
        long now = counts.get();
        return settings.uses(active(now), pending(now), retries(now), shares);
    }

    /** Requests in flight, as far as they are counted. */
    public int active() {
        return active(counts.get());
    }

    /** Requests that wait for a connection. */
    public int pending() {
        return pending(counts.get());
    }

    /** Retries that were granted and have not ended. */
    public int retries() {
        return retries(counts.get());
    }

    private static int active(long counts) {
        return (int) counts & MOST_ACTIVE;
    }

    private static int pending(long counts) {
        return (int) (counts >>> PENDING_SHIFT) & MOST_OTHERS;
    }

    private static int retries(long counts) {
        return (int) (counts >>> RETRIES_SHIFT);
    }

    /** Changes the counts, to no more requests in flight; who waits gets the room in the same step. */
    private boolean change(long before, long after) {
        if (pending(before) == 0 || active(before) == active(after)) {
            return counts.compareAndSet(before, after);
        }
        queueing.lock();
        try {
            if (!counts.compareAndSet(before, after)) {
                return false;
            }
            handOver();
            return true;
        } finally {
            queueing.unlock();
        }
    }

    /** Under the lock: gives those who wait what has become free. */
    private void handOver() {
        LimitSettings limits = settings;
        var waiters = queue.iterator();
        while (waiters.hasNext()) {
            Turn<Admission> next = waiters.next();
            long now;
            boolean room;
            do {
                now = counts.get();
                if (active(now) >= Math.min(MOST_ACTIVE, limits.maxConnections())) {
                    return;
                }
                room = active(now) < limits.maxRequests();
            } while (!counts.compareAndSet(now, now - PENDING + (room ? ACTIVE : 0)));
            waiters.remove();
            next.give(room ? Admission.COUNTED : Admission.TOO_MANY_REQUESTS);
        }
    }

    /** Null when it is to wait. */
    private @Nullable Admission queue(Turn<Admission> turn) {
        queueing.lock();
        try {
            LimitSettings limits = settings;
            while (true) {
                long now = counts.get();
                if (!limits.countsRequests()) {
                    return Admission.UNCOUNTED;
                }
                boolean room = pending(now) == 0 && active(now) < Math.min(MOST_ACTIVE, limits.maxConnections());
                if (room && active(now) >= limits.maxRequests()) {
                    return Admission.TOO_MANY_REQUESTS;
                }
                if (!room && pending(now) >= Math.min(MOST_OTHERS, limits.maxPending())) {
                    return Admission.TOO_MANY_PENDING;
                }
                if (counts.compareAndSet(now, now + (room ? ACTIVE : PENDING))) {
                    if (room) {
                        return Admission.COUNTED;
                    }
                    queue.add(turn);
                    return null;
                }
            }
        } finally {
            queueing.unlock();
        }
    }

    /** What it was given in the last moment, or STOPPED. */
    private Admission leave(Turn<Admission> turn) {
        queueing.lock();
        try {
            Admission answer = turn.given();
            if (answer != null) {
                return answer;
            }
            queue.remove(turn);
            counts.getAndAdd(-PENDING);
            return Admission.STOPPED;
        } finally {
            queueing.unlock();
        }
    }

    @Override
    public String toString() {
        long now = counts.get();
        return active(now) + " active, " + pending(now) + " pending, " + retries(now) + " retries of " + settings;
    }
}
