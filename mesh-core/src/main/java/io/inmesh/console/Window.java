package io.inmesh.console;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Counts of the last minute, in slots of five seconds. Thread-safe; counting allocates once a slot. A slot whose time is over is
 * replaced whole, so what is counted late goes into a slot that nobody reads any more.
 */
final class Window {
    /** What is counted. */
    enum Count {
        /** Answered, with a status below 400 or none that is known. */
        OK,
        /** Answered with 4xx: the caller's fault, a success of the service. */
        CLIENT_ERROR,
        /** Answered with 5xx, or not answered. */
        FAILED,
        /** Given up by the caller; neither a success nor a failure. */
        CANCELED,
        /** Further attempts. */
        RETRIES,
        /** Kept out by a limit: calls, and retries. */
        OVERFLOWS
    }

    private static final int COUNTS = Count.values().length;
    private static final long SLOT_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Whole slots that are summed up. */
    static final int SLOTS = 12;

    static final int SLOT_SECONDS = 5;

    private final AtomicReferenceArray<Slot> slots = new AtomicReferenceArray<>(SLOTS + 1);
    private volatile long latest = Long.MIN_VALUE;

    private static final class Slot {
        private final long number;
        private final AtomicIntegerArray counts = new AtomicIntegerArray(COUNTS + Latencies.CLASSES);

        Slot(long number) {
            this.number = number;
        }

        private void add(int index) {
            int unused = counts.incrementAndGet(index);
        }
    }

    /** Which slot a time is in. */
    static long slotOf(long sinceStartNanos) {
        return sinceStartNanos / SLOT_NANOS;
    }

    void count(Count what, long sinceStartNanos) {
        slot(slotOf(sinceStartNanos)).add(what.ordinal());
    }

    /** Counts the end of a call, with how long it took. */
    void count(Count what, long tookNanos, long sinceStartNanos) {
        Slot slot = slot(slotOf(sinceStartNanos));
        slot.add(what.ordinal());
        if (what != Count.CANCELED) {
            slot.add(COUNTS + Latencies.classOf(tookNanos));
        }
    }

    private Slot slot(long number) {
        int index = (int) (number % (SLOTS + 1));
        Slot slot = slots.get(index);
        while (slot == null || slot.number < number) {
            Slot fresh = new Slot(number);
            if (slots.compareAndSet(index, slot, fresh)) {
                latest = number;
                return fresh;
            }
            slot = slots.get(index);
        }
        return slot;
    }

    /** Not idle from now on, although nothing is counted yet. */
    void begin(long sinceStartNanos) {
        latest = slotOf(sinceStartNanos);
    }

    /** Whether nothing was counted for some minutes. */
    boolean idleSince(long slotNumber) {
        return latest < slotNumber;
    }

    /** Adds what was counted in the last minute: whole slots before the one of now, and that one. */
    void addTo(Sums sums, long sinceStartNanos) {
        long now = slotOf(sinceStartNanos);
        for (int i = 0; i <= SLOTS; i++) {
            Slot slot = slots.get(i);
            if (slot != null && slot.number > now - SLOTS - 1 && slot.number <= now) {
                sums.add(slot, (int) (now - slot.number));
            }
        }
    }

    /** Sums over windows. Not thread-safe. */
    static final class Sums {
        private final long[] counts = new long[COUNTS];
        private final long[] latencies = new long[Latencies.CLASSES];

        /** By slot, oldest first; the last one is not over. */
        private final long[] callsBySlot = new long[SLOTS + 1];

        private final long[] failuresBySlot = new long[SLOTS + 1];

        private void add(Slot slot, int age) {
            for (int i = 0; i < COUNTS; i++) {
                counts[i] += slot.counts.get(i);
            }
            for (int i = 0; i < Latencies.CLASSES; i++) {
                latencies[i] += slot.counts.get(COUNTS + i);
            }
            long failed = slot.counts.get(Count.FAILED.ordinal());
            failuresBySlot[SLOTS - age] += failed;
            callsBySlot[SLOTS - age] += failed
                    + slot.counts.get(Count.OK.ordinal())
                    + slot.counts.get(Count.CLIENT_ERROR.ordinal())
                    + slot.counts.get(Count.CANCELED.ordinal());
        }

        long of(Count what) {
            return counts[what.ordinal()];
        }

        /** Ended calls. */
        long calls() {
            return judged() + of(Count.CANCELED);
        }

        private long judged() {
            return of(Count.OK) + of(Count.CLIENT_ERROR) + of(Count.FAILED);
        }

        /** From 0 to 1, -1 when no call ended by itself. */
        double success() {
            long judged = judged();
            return judged == 0 ? -1 : 1 - (double) of(Count.FAILED) / judged;
        }

        double percentileMillis(double share) {
            return Latencies.percentileMillis(latencies, share);
        }

        long[] callsBySlot() {
            return callsBySlot.clone();
        }

        long[] failuresBySlot() {
            return failuresBySlot.clone();
        }
    }
}
