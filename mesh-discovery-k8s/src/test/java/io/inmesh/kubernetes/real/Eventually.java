package io.inmesh.kubernetes.real;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Asks again until an assertion holds, for a bounded time: real processes are ready when they are. */
final class Eventually {
    private Eventually() {}

    /** An assertion, or something that fails as long as it is too early. */
    @FunctionalInterface
    interface Assertion {
        void check() throws Exception;
    }

    /**
     * Returns as soon as the assertion holds, with the time that took.
     *
     * @throws AssertionError the last one, when the time is over
     */
    static Duration within(Duration limit, Assertion assertion) {
        long start = System.nanoTime();
        io.inmesh.kubernetes.testing.Eventually.within(limit, () -> {
            try {
                assertion.check();
            } catch (Exception tooEarly) {
                throw new AssertionError(tooEarly.toString(), tooEarly);
            }
        });
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** Lets real time pass, where that is the point of the test. */
    static void pause(Duration time) {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
