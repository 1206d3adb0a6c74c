package io.inmesh.kubernetes.internal.time;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The wait for a cluster that has said nothing yet. All who wait for its first word do so together, so that their waits
 * do not follow each other; once it has spoken, each waits for an answer of its own. Thread-safe.
 */
public final class StartWait {
    private final Duration longest;
    private final Timing timing;
    private @Nullable Long since;
    private boolean heard;

    /** Begins with the first question for what is left. */
    public StartWait(Duration longest, Timing timing) {
        this.longest = longest;
        this.timing = timing;
    }

    /** The whole wait, whatever has been heard meanwhile. */
    public Duration longest() {
        return longest;
    }

    /** How long somebody who begins to wait now waits at most; 0 or more. */
    public synchronized Duration left() {
        if (heard) {
            return longest;
        }
        long now = timing.nanoTime();
        long begun = since == null ? now : since;
        since = begun;
        Duration left = longest.minusNanos(now - begun);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** The cluster has spoken. */
    public synchronized void heard() {
        heard = true;
    }
}
