package io.inmesh.kubernetes.internal.table;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A bounded wait for something. Begins when it is first asked. Table thread only. */
final class BoundedWait {
    private final TableContext context;
    private final Supplier<Duration> longest;
    private final Runnable onEnd;
    private @Nullable Long until;

    /**
     * Waits for nothing yet.
     *
     * @param onEnd called when the wait is over, also when it was forgotten meanwhile
     */
    BoundedWait(TableContext context, Duration longest, Runnable onEnd) {
        this(context, () -> longest, onEnd);
    }

    private BoundedWait(TableContext context, Supplier<Duration> longest, Runnable onEnd) {
        this.context = context;
        this.longest = longest;
        this.onEnd = onEnd;
    }

    /** The same, for what the server says first: together with all others who wait for that. */
    static BoundedWait atStart(TableContext context, Runnable onEnd) {
        return new BoundedWait(context, context.startWait()::left, onEnd);
    }

    /** Whether it has been waited for long enough. */
    boolean over() {
        long now = context.timing().nanoTime();
        Long end = until;
        if (end == null) {
            Duration wait = longest.get();
            end = now + wait.toNanos();
            until = end;
            if (!wait.isZero()) {
                context.thread().after(wait, onEnd);
            }
        }
        return now - end >= 0;
    }

    /** Nothing is waited for any more; the next question begins anew. */
    void forget() {
        until = null;
    }
}
