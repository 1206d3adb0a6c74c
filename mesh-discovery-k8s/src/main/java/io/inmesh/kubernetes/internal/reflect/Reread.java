package io.inmesh.kubernetes.internal.reflect;

import io.inmesh.kubernetes.internal.time.Timing;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When to read everything again because a line of a watch was broken: soon, since the object it told of may be sound, but
 * ever more rarely where the lines stay broken. Reflector's thread only.
 */
final class Reread {
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final int DOUBLINGS = 6;

    private final Duration pause;
    private final Timing timing;
    private @Nullable Long at;
    private @Nullable Long begun;
    private int inRow;

    /**
     * Nothing to be read again yet.
     *
     * @param pause between two readings, doubled for each that did not help
     */
    Reread(Duration pause, Timing timing) {
        this.pause = pause;
        this.timing = timing;
    }

    /** A line was broken. */
    void wanted() {
        if (at != null) {
            return;
        }
        long now = timing.nanoTime();
        long soonest = now + SOON.toNanos();
        if (begun == null) {
            at = soonest;
        } else {
            long between = pause.toNanos() << Math.min(inRow, DOUBLINGS);
            inRow = now - begun > between ? 0 : inRow + 1;
            at = Math.max(soonest, begun + between);
        }
    }

    /** A reading of everything has begun. */
    void begun() {
        if (at != null) {
            begun = timing.nanoTime();
            at = null;
        }
    }

    boolean due() {
        return at != null && timing.nanoTime() - at >= 0;
    }

    /** Time until it is due, null when it is not wanted. */
    @Nullable
    Duration left() {
        return at == null ? null : Duration.ofNanos(Math.max(1, at - timing.nanoTime()));
    }
}
