package io.inmesh.kubernetes.internal.table;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A wait for something that may never come. Begins when it is first asked. Table thread only. */
final class BoundedWait {
    private final TableThread thread;
    private final Supplier<Duration> longest;
    private final Runnable onEnd;
    private @Nullable Long until;

    /**
     * Waits for nothing yet.
     *
     * @param longest asked at the beginning of each wait
     * @param onEnd called when the wait is over, also when it was forgotten meanwhile
     */
    BoundedWait(TableThread thread, Supplier<Duration> longest, Runnable onEnd) {
        this.thread = thread;
        this.longest = longest;
        this.onEnd = onEnd;
    }

    /** Whether it has been waited for long enough. */
    boolean over() {
        long now = thread.nanoTime();
        Long end = until;
        if (end == null) {
            Duration wait = longest.get();
            end = now + wait.toNanos();
            until = end;
            if (!wait.isZero()) {
                thread.after(wait, onEnd);
            }
        }
        return now - end >= 0;
    }

    /** Nothing is waited for any more; the next question begins anew. */
    void forget() {
        until = null;
    }
}
