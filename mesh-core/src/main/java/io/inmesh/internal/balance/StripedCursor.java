package io.inmesh.internal.balance;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.IntUnaryOperator;

/**
 * A place in a cycle for each stripe of threads, each on cache lines of its own, so that threads do not wait for each
 * other's lines. Threads that share a stripe may lose an update, which repeats or skips a turn and harms nothing; hence
 * opaque access. A place is always inside the cycle: there is no counter that could wrap around.
 *
 * <p>The places are a bare array that the balancer itself holds: an object around it would cost a pick one more load,
 * which is a fifth of the whole.
 */
final class StripedCursor {
    /** Two lines of 64 bytes: the neighbour line is prefetched with its pair. */
    private static final int SPACING = 128 / Integer.BYTES;

    private static final int SPACING_SHIFT = Integer.numberOfTrailingZeros(SPACING);

    private static final int MAX_STRIPES = 64;

    private static final VarHandle PLACE = MethodHandles.arrayElementVarHandle(int[].class);

    private StripedCursor() {}

    /** Twice the processors, rounded up to a power of two. */
    static int defaultStripes() {
        int wanted = Math.min(MAX_STRIPES, 2 * Runtime.getRuntime().availableProcessors());
        return Integer.highestOneBit(2 * wanted - 1);
    }

    /**
     * Lays out the places.
     *
     * @param stripes a power of two, 2 or more
     * @param start first place of each stripe, inside the cycle
     */
    static int[] places(int stripes, IntUnaryOperator start) {
        int[] places = new int[(stripes + 2) * SPACING];
        for (int stripe = 0; stripe < stripes; stripe++) {
            places[slot(stripe)] = start.applyAsInt(stripe);
        }
        return places;
    }

    /** What {@link #next} wants to know of the number of stripes. */
    static int shift(int stripes) {
        return Long.SIZE - Integer.numberOfTrailingZeros(stripes);
    }

    /**
     * The place of the calling thread's stripe, which moves on.
     *
     * @param length of the cycle
     */
    static int next(int[] places, int shift, int length) {
        // Fibonacci hashing: threads made one after the other, or every second one of them, get different stripes.
        int slot = slot((int) ((Thread.currentThread().getId() * 0x9E3779B97F4A7C15L) >>> shift));
        int place = (int) PLACE.getOpaque(places, slot);
        int following = place + 1;
        PLACE.setOpaque(places, slot, following == length ? 0 : following);
        return place;
    }

    /** Where a stripe goes next. */
    static int place(int[] places, int stripe) {
        return (int) PLACE.getOpaque(places, slot(stripe));
    }

    private static int slot(int stripe) {
        return (stripe + 1) << SPACING_SHIFT;
    }
}
