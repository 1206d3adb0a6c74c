package io.inmesh.kubernetes.testing;

import io.inmesh.kubernetes.internal.time.Timing;
import io.inmesh.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;

/** A {@link ManualClock} as this module's time. Randomness is always one half. */
public final class ManualTiming implements Timing {
    private final ManualClock clock;

    /** Looks at a clock that the test moves. */
    public ManualTiming(ManualClock clock) {
        this.clock = clock;
    }

    @Override
    public long nanoTime() {
        return clock.nanoTime();
    }

    @Override
    public Instant now() {
        return clock.now();
    }

    @Override
    public void sleep(Duration time) throws InterruptedException {
        clock.sleep(time.toNanos(), () -> false);
    }

    @Override
    public double random() {
        return 0.5;
    }
}
