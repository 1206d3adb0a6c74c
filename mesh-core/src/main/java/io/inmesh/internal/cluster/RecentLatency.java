package io.inmesh.internal.cluster;

import java.math.BigDecimal;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How long the answers of a cluster have lately taken up to their headers, as one percentile: of the last one to two minutes,
 * not too low, and too high by a sixteenth at most. Known where enough answers came in that time.
 *
 * <p>Counts are in buckets, sixteen for each doubling, of two windows that take turns. Thread-safe. Recording is an increment,
 * and every tenth of a second one of those who record looks up the percentile; nothing is allocated.
 */
public final class RecentLatency {
    static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);
    static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Answers that are to be slower than the percentile, so that it does not hang on a few. */
    private static final int LEAST_ABOVE = 20;

    private static final int STEP_BITS = 4;
    private static final int STEPS = 1 << STEP_BITS;

    /** What is faster than 16 us is as good as that. */
    private static final int FIRST_DOUBLING = 14;

    /** And what is slower than 137 s as that. */
    private static final int LAST_DOUBLING = 36;

    private static final int BUCKETS = (LAST_DOUBLING - FIRST_DOUBLING + 1) * STEPS;

    /** The one in use, the one before it, and one that is cleared when its turn comes. */
    private final AtomicIntegerArray[] windows = {
        new AtomicIntegerArray(BUCKETS), new AtomicIntegerArray(BUCKETS), new AtomicIntegerArray(BUCKETS)
    };

    private final double percentile;
    private final int least;
    private final AtomicLong windowBegan;
    private final AtomicLong looked;
    private volatile int inUse;
    private volatile long nanos = -1;
    private volatile int known;

    /**
     * Knows of no answer yet.
     *
     * @param percentile above 0 and below 100
     */
    RecentLatency(double percentile, long nowNanos) {
        this.percentile = percentile;
        this.least = (int) Math.ceil(LEAST_ABOVE / (1 - percentile / 100));
        this.windowBegan = new AtomicLong(nowNanos);
        this.looked = new AtomicLong(nowNanos);
    }

    /** Above 0 and below 100. */
    public double percentile() {
        return percentile;
    }

    /** Notes how long an answer took. */
    public void record(long latencyNanos, long nowNanos) {
        takeTurns(nowNanos);
        windows[inUse].getAndIncrement(bucket(latencyNanos));
        long before = looked.get();
        if (nowNanos - before >= LOOK_NANOS && looked.compareAndSet(before, nowNanos)) {
            look();
        }
    }

    /** The percentile in nanoseconds; -1 where too few answers are known. */
    public long nanos(long nowNanos) {
        return nowNanos - windowBegan.get() >= 2 * WINDOW_NANOS ? -1 : nanos;
    }

    /** For people: what the percentile is, or why it is not known. */
    public String words(long nowNanos) {
        long is = nanos(nowNanos);
        String name = "p" + BigDecimal.valueOf(percentile).stripTrailingZeros().toPlainString();
        return is < 0
                ? name + " of recent latencies, which is not known yet: it takes " + least
                        + " answers within a minute or two, and " + Math.min(known, least - 1) + " are there"
                : name + " of recent latencies, now " + TimeUnit.NANOSECONDS.toMicros(is) / 1000.0 + " ms";
    }

    private void takeTurns(long nowNanos) {
        long began = windowBegan.get();
        long age = nowNanos - began;
        if (age < WINDOW_NANOS || !windowBegan.compareAndSet(began, nowNanos)) {
            return;
        }
        int before = inUse;
        int next = (before + 1) % windows.length;
        clear(windows[next]);
        if (age >= 2 * WINDOW_NANOS) {
            clear(windows[before]);
            nanos = -1;
            known = 0;
        }
        inUse = next;
    }

    private static void clear(AtomicIntegerArray window) {
        for (int i = 0; i < BUCKETS; i++) {
            window.set(i, 0);
        }
    }

    private void look() {
        int now = inUse;
        AtomicIntegerArray one = windows[now];
        AtomicIntegerArray other = windows[(now + windows.length - 1) % windows.length];
        long all = 0;
        for (int i = 0; i < BUCKETS; i++) {
            all += one.get(i) + other.get(i);
        }
        known = (int) Math.min(all, Integer.MAX_VALUE);
        if (all < least) {
            nanos = -1;
            return;
        }
        long wanted = (long) Math.ceil(percentile / 100 * all);
        long below = 0;
        for (int i = 0; i < BUCKETS; i++) {
            below += one.get(i) + other.get(i);
            if (below >= wanted) {
                nanos = end(i);
                return;
            }
        }
    }

    private static int bucket(long latencyNanos) {
        int doubling = 63 - Long.numberOfLeadingZeros(Math.max(1, latencyNanos));
        if (doubling < FIRST_DOUBLING) {
            return 0;
        }
        if (doubling > LAST_DOUBLING) {
            return BUCKETS - 1;
        }
        int step = (int) (latencyNanos >>> (doubling - STEP_BITS)) & (STEPS - 1);
        return (doubling - FIRST_DOUBLING) * STEPS + step;
    }

    /** What all of a bucket are below. */
    private static long end(int bucket) {
        int doubling = bucket / STEPS + FIRST_DOUBLING;
        return (long) (STEPS + bucket % STEPS + 1) << (doubling - STEP_BITS);
    }
}
