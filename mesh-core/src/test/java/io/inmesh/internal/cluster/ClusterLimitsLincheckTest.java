package io.inmesh.internal.cluster;

import io.inmesh.internal.cluster.ClusterLimits.Admission;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Explores interleavings of requests, retries and changes of the settings. */
@Tag("lincheck")
public class ClusterLimitsLincheckTest {
    private static LimitSettings settings(int requests, int connections) {
        return new LimitSettings(
                requests, connections, Integer.MAX_VALUE, Integer.MAX_VALUE, new LimitSettings.Budget(50, 1));
    }

    private static Admission ask(ClusterLimits limits, BooleanSupplier stop) throws InterruptedException {
        Admission admission = limits.admit(false);
        return admission == Admission.TO_WAIT ? limits.await(stop) : admission;
    }

    /** Nobody waits here: each operation is one step, and what it returns is as if they came one after the other. */
    public static class Counts {
        private final ClusterLimits limits = new ClusterLimits(settings(2, Integer.MAX_VALUE));
        private final AtomicInteger counted = new AtomicInteger();

        @Operation
        public String admit() {
            Admission admission = limits.admit(false);
            if (admission == Admission.COUNTED) {
                counted.incrementAndGet();
            }
            return admission.name();
        }

        @Operation
        public boolean retry() {
            return limits.tryRetry(false);
        }

        @Validate
        public void whatIsInFlightIsCounted() {
            if (limits.active() != counted.get() || limits.pending() != 0) {
                throw new IllegalStateException(limits + ", admitted " + counted);
            }
        }
    }

    /** Requests that wait for the one connection, or the two that a change of the rule gives. */
    public static class Waiting {
        private final ClusterLimits limits = new ClusterLimits(settings(Integer.MAX_VALUE, 1));
        private final AtomicInteger inFlight = new AtomicInteger();
        private volatile int most;

        private static BooleanSupplier atTheSecondLook() {
            AtomicInteger looks = new AtomicInteger();
            return () -> looks.incrementAndGet() > 1;
        }

        @Operation
        public void call() throws InterruptedException {
            if (ask(limits, atTheSecondLook()) == Admission.COUNTED) {
                most = Math.max(most, inFlight.incrementAndGet());
                inFlight.decrementAndGet();
                limits.release();
            }
        }

        @Operation
        public void callThatIsRetried() throws InterruptedException {
            if (ask(limits, atTheSecondLook()) == Admission.COUNTED) {
                most = Math.max(most, inFlight.incrementAndGet());
                inFlight.decrementAndGet();
                if (limits.tryRetry(true)) {
                    limits.retryEnded();
                } else {
                    limits.release();
                }
            }
        }

        @Validate
        public void nobodyIsLeftAndTheLimitWasKept() {
            if (limits.active() != 0 || limits.pending() != 0 || limits.retries() != 0 || most > 1) {
                throw new IllegalStateException(limits + ", at most " + most + " at a time");
            }
        }
    }

    /** The same while the rule comes and goes. */
    public static class Changing {
        private final ClusterLimits limits = new ClusterLimits(settings(Integer.MAX_VALUE, 1));

        @Operation
        public void call() throws InterruptedException {
            if (ask(limits, Waiting.atTheSecondLook()) == Admission.COUNTED) {
                limits.release();
            }
        }

        @Operation
        public void raised() {
            limits.follow(settings(Integer.MAX_VALUE, 2));
        }

        @Operation
        public void takenBack() {
            limits.follow(LimitSettings.NONE);
        }

        @Validate
        public void nobodyIsLeft() {
            if (limits.active() != 0 || limits.pending() != 0) {
                throw new IllegalStateException(limits.toString());
            }
        }
    }

    private static void check(Class<?> operations) {
        new ModelCheckingOptions()
                .threads(2)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(0)
                .iterations(3)
                .invocationsPerIteration(50)
                .check(operations);
    }

    @Test
    void countsAreAsIfRequestsCameOneAfterTheOther() {
        check(Counts.class);
    }

    @Test
    void whoWaitsIsServedOrLeaves() {
        check(Waiting.class);
    }

    @Test
    void aChangeOfTheRuleLosesNobody() {
        check(Changing.class);
    }
}
