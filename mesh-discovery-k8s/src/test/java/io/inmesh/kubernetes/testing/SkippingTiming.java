package io.inmesh.kubernetes.testing;

import io.inmesh.kubernetes.internal.time.Timing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The real clock, but whoever sleeps moves it on instead: pauses cost no time and still lie between what is around them. */
public final class SkippingTiming implements Timing {
    private final Random random;
    private final List<Duration> sleeps = new ArrayList<>();
    private long skipped;

    /** Draws are those of this seed. */
    public SkippingTiming(long seed) {
        random = new Random(seed);
    }

    /** Every sleep so far. */
    public synchronized List<Duration> sleeps() {
        return List.copyOf(sleeps);
    }

    /** All sleeps together: what was waited on purpose, whatever the machine took for the rest. */
    public synchronized Duration slept() {
        return Duration.ofNanos(skipped);
    }

    @Override
    public synchronized long nanoTime() {
        return System.nanoTime() + skipped;
    }

    @Override
    public synchronized Instant now() {
        return Instant.now().plusNanos(skipped);
    }

    @Override
    public synchronized void sleep(Duration time) {
        sleeps.add(time);
        skipped += time.toNanos();
    }

    @Override
    public synchronized double random() {
        return random.nextDouble();
    }
}
