package io.inmesh.kubernetes.internal.table;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A bounded wait for something. Begins when it is first asked. Table thread only. */
final class Patience {
    private final TableContext context;
    private final Duration longest;
    private final Runnable onEnd;
    private @Nullable Long since;

    /**
     * Waits for nothing yet.
     *
     * @param onEnd called when the wait is over, also when it was forgotten meanwhile
     */
    Patience(TableContext context, Duration longest, Runnable onEnd) {
        this.context = context;
        this.longest = longest;
        this.onEnd = onEnd;
    }

    /** Whether it has been waited for long enough. */
    boolean over() {
        long now = context.timing().nanoTime();
        if (since == null) {
            since = now;
            context.thread().after(longest, onEnd);
        }
        return now - since >= longest.toNanos();
    }

    /** Nothing is waited for any more; the next question begins anew. */
    void forget() {
        since = null;
    }
}
