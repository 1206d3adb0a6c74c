package io.inmesh.internal.engine;

import io.inmesh.internal.time.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Explores interleavings of a caller that makes attempts, of the timer and of the end of the call. */
@Tag("lincheck")
public class DeadlineLincheckTest {
    /** Nothing is planned: the operations are the timer. */
    private static final ScheduledExecutorService NO_TIMER = null;

    private final Deadline deadline = new Deadline(new Deadlines(TimeSource.system(), NO_TIMER), 0);

    /** How often each attempt was cancelled, the newest last. The caller is one thread. */
    private final List<AtomicInteger> cancels = new ArrayList<>();

    @Operation(nonParallelGroup = "caller")
    public void callerMakesAnAttempt() {
        AtomicInteger canceled = new AtomicInteger();
        cancels.add(canceled);
        deadline.covers(new CancelledAttempt(canceled::incrementAndGet));
    }

    @Operation
    public void timePasses() {
        deadline.fire();
    }

    @Operation
    public void callEnds() {
        deadline.over();
    }

    @Validate
    public void theAttemptUnderWayIsCancelledOnceIfTimePassedFirst() {
        for (AtomicInteger canceled : cancels) {
            if (canceled.get() > 1) {
                throw new IllegalStateException("an attempt is cancelled " + canceled + " times");
            }
            if (canceled.get() > 0 && !deadline.fired()) {
                throw new IllegalStateException("an attempt is cancelled and the time has not passed");
            }
        }
        if (deadline.fired()
                && !cancels.isEmpty()
                && cancels.get(cancels.size() - 1).get() == 0) {
            throw new IllegalStateException("the time has passed and the attempt under way goes on");
        }
    }

    @Test
    void anAttemptUnderWayIsCancelledOnceOrNever() {
        new ModelCheckingOptions()
                .threads(3)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(0)
                .iterations(5)
                .invocationsPerIteration(100)
                .check(DeadlineLincheckTest.class);
    }
}
