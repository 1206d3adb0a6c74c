package io.inmesh.internal.time;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Explores interleavings: tasks touch plain fields, so any overlap or lost task shows in the counts. */
@Tag("lincheck")
public class SerialExecutorLincheckTest {
    private final List<Throwable> failures = new ArrayList<>();
    private final SerialExecutor serial = new SerialExecutor(Runnable::run, failures::add);
    private final AtomicInteger handedOver = new AtomicInteger();
    private int begun;
    private int ended;
    private boolean overlapped;

    @Operation
    public void handOver() {
        handedOver.incrementAndGet();
        serial.execute(this::task);
    }

    private void task() {
        if (begun != ended) {
            overlapped = true;
        }
        begun++;
        ended++;
    }

    @Validate
    public void everyTaskRanAlone() {
        if (overlapped || ended != handedOver.get() || begun != ended || !failures.isEmpty()) {
            throw new IllegalStateException("handed over " + handedOver.get() + ", begun " + begun + ", ended " + ended
                    + ", overlapped " + overlapped + ", failures " + failures);
        }
    }

    @Test
    void noTaskIsLostAndNoneOverlap() {
        new ModelCheckingOptions()
                .threads(3)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(0)
                .iterations(3)
                .invocationsPerIteration(2_000)
                .check(SerialExecutorLincheckTest.class);
    }
}
