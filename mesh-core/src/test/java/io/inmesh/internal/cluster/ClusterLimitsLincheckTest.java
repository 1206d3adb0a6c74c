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
                requests, connections, Integer.MAX_VALUE, Integer.MAX_VALUE, new LimitSettings.Budget(50, 1), null);
    }

    private static Admission ask(ClusterLimits limits, BooleanSupplier stop) throws InterruptedException {
        Admission admission = limits.admit(false);
        return admission == Admission.TO_WAIT ? limits.await(stop) : admission;
    }

    /**
     * Nobody waits here: each operation is one step, and what it returns is as if they came one after the other. What ends was
     * begun by the same thread, so that it knows what there is to end.
     */
    public static class Counts {
        private static final String ENDING = "ending";

        private final ClusterLimits limits = new ClusterLimits(settings(2, 1));
        private final AtomicInteger lasting = new AtomicInteger();
        private final AtomicInteger lastingRetries = new AtomicInteger();

        /** Of the thread that ends them. */
        private int ending;

        private int endingRetries;

        @Operation
        public String admit() {
            return lasting(limits.admit(false));
        }

        @Operation
        public String admitThatShares() {
            return lasting(limits.admit(true));
        }

        private String lasting(Admission admission) {
            if (admission == Admission.COUNTED) {
                lasting.incrementAndGet();
            }
            return admission.name();
        }

        @Operation
        public boolean retry() {
            boolean retried = limits.tryRetry(false);
            if (retried) {
                lastingRetries.incrementAndGet();
            }
            return retried;
        }

        @Operation(nonParallelGroup = ENDING)
        public String admitOneThatEnds() {
            Admission admission = limits.admit(true);
            ending += admission == Admission.COUNTED ? 1 : 0;
            return admission.name();
        }

        @Operation(nonParallelGroup = ENDING)
        public boolean retryOneThatEnds() {
            if (ending == 0 || !limits.tryRetry(true)) {
                return false;
            }
            ending--;
            endingRetries++;
            return true;
        }

        @Operation(nonParallelGroup = ENDING)
        public void release() {
            if (ending > 0) {
                ending--;
                limits.release();
            }
        }

        @Operation(nonParallelGroup = ENDING)
        public void retryEnded() {
            if (endingRetries > 0) {
                endingRetries--;
                limits.retryEnded();
            }
        }

        @Validate
        public void whatIsUnderWayIsCounted() {
            if (limits.active() != lasting.get() + ending
                    || limits.retries() != lastingRetries.get() + endingRetries
                    || limits.pending() != 0) {
                throw new IllegalStateException(limits + ", admitted " + lasting + " and " + ending + ", retries "
                        + lastingRetries + " and " + endingRetries);
            }
        }
    }

    /** Requests by HTTP/1 and HTTP/2, of which two may be in flight, and their retries while the rule changes. */
    public static class Mixed {
        private final ClusterLimits limits = new ClusterLimits(settings(2, 1));
        private final AtomicInteger inFlight = new AtomicInteger();
        private volatile int most;

        private void inFlight() {
            most = Math.max(most, inFlight.incrementAndGet());
            inFlight.decrementAndGet();
        }

        @Operation
        public void waits() throws InterruptedException {
            if (ask(limits, Waiting.atTheSecondLook()) == Admission.COUNTED) {
                inFlight();
                limits.release();
            }
        }

        @Operation
        public void shares() {
            if (limits.admit(true) == Admission.COUNTED) {
                inFlight();
                limits.release();
            }
        }

        @Operation
        public void sharesAndIsRetried() {
            if (limits.admit(true) != Admission.COUNTED) {
                return;
            }
            inFlight();
            if (!limits.tryRetry(true)) {
                limits.release();
                return;
            }
            if (limits.admit(true) == Admission.COUNTED) {
                inFlight();
                limits.release();
            }
            limits.retryEnded();
        }

        @Operation
        public void fewer() {
            limits.follow(settings(1, 1));
        }

        @Validate
        public void nobodyIsLeftAndTheLimitWasKept() {
            if (limits.active() != 0 || limits.pending() != 0 || limits.retries() != 0 || most > 2) {
                throw new IllegalStateException(limits + ", at most " + most + " at a time");
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
        new ModelCheckingOptions()
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(0)
                .iterations(10)
                .invocationsPerIteration(100)
                .check(Counts.class);
    }

    @Test
    void requestsOfAllKindsAreCountedTogether() {
        check(Mixed.class);
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
