package io.inmesh.kubernetes.testing;

import java.time.Duration;

/** Waits for what real sockets and threads bring about. */
public final class Eventually {
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private Eventually() {}

    /** Waits at most 20 s until the assertion holds, and fails with its words if it never does. */
    public static void eventually(Runnable assertion) {
        within(LONGEST, assertion);
    }

    /** Waits at most so long until the assertion holds, and fails with its words if it never does. */
    public static void within(Duration longest, Runnable assertion) {
        long end = System.nanoTime() + longest.toNanos();
        while (true) {
            try {
                assertion.run();
                return;
            } catch (AssertionError notYet) {
                if (System.nanoTime() - end > 0) {
                    throw new AssertionError("not within " + longest + ": " + notYet.getMessage(), notYet);
                }
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting", ended);
        }
    }
}
