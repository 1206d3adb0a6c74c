package io.inmesh.console;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongFunction;

/**
 * The latest calls. Readers remember the number up to which they have read, so that no reader costs memory or time of those
 * that write. Thread-safe.
 */
final class LiveTail {
    /** Calls that are kept. */
    static final int SIZE = 200;

    private final AtomicReferenceArray<TailEntry> ring = new AtomicReferenceArray<>(SIZE);
    private final AtomicLong next = new AtomicLong();
    private final Instant started;

    /** @param started when the numbers began at 0 */
    LiveTail(Instant started) {
        this.started = started;
    }

    /** When the numbers began at 0, which is another time in another process and in the same one started again. */
    Instant started() {
        return started;
    }

    /** @param entry makes the entry of a number */
    void add(LongFunction<TailEntry> entry) {
        long number = next.getAndIncrement();
        ring.set((int) (number % SIZE), entry.apply(number));
    }

    /** Calls from a number on that are still kept, in order, up to the first that is not written yet. */
    List<TailEntry> from(long number) {
        long end = next.get();
        List<TailEntry> entries = new ArrayList<>();
        for (long i = Math.max(number, end - SIZE); i < end; i++) {
            TailEntry entry = ring.get((int) (i % SIZE));
            if (entry == null || entry.number() < i) {
                break;
            }
            if (entry.number() == i) {
                entries.add(entry);
            }
        }
        return entries;
    }
}
