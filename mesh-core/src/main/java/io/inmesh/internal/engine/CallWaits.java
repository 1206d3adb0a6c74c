package io.inmesh.internal.engine;

import io.inmesh.call.Exchange;
import io.inmesh.internal.snapshot.CallPlan;
import io.inmesh.internal.time.TimeSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The times in which a call only waits, on its caller's thread. */
final class CallWaits {
    private CallWaits() {}

    /**
     * Waits as an injected delay wants it, for no longer than the caller's client or {@code limit} would.
     *
     * @throws IOException when the caller has cancelled, or the delay is too long for its client
     */
    static void delay(TimeSource time, CallPlan plan, TimeLimit limit, Exchange<?> exchange) throws IOException {
        long nanos = plan.faults().delayNanos();
        long timeout = exchange.callerTimeoutNanos();
        long wait = limit.cut(nanos, time.nanoTime());
        boolean tooLong = timeout > 0 && timeout <= wait;
        if (!pause(time, plan, tooLong ? timeout : wait, exchange::canceled)) {
            throw CallFailures.canceled(plan, "during an injected delay", null);
        }
        if (tooLong) {
            throw new SocketTimeoutException(CallFailures.where(plan) + ": no answer within the caller's "
                    + TimeUnit.NANOSECONDS.toMillis(timeout) + " ms, because of an injected delay of "
                    + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms");
        }
    }

    /**
     * Waits.
     *
     * @param stop ends the wait; asked often
     * @return whether the whole time has passed
     * @throws InterruptedIOException when interrupted; the thread stays so
     */
    static boolean pause(TimeSource time, CallPlan plan, long nanos, BooleanSupplier stop)
            throws InterruptedIOException {
        try {
            return time.sleep(nanos, stop);
        } catch (InterruptedException interrupted) {
            throw interrupted(plan, interrupted);
        }
    }

    /** What the caller is told of an interrupt, which the thread keeps. */
    static InterruptedIOException interrupted(CallPlan plan, InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        InterruptedIOException failure =
                new InterruptedIOException("interrupted while a call to " + CallFailures.where(plan) + " waited");
        failure.initCause(interrupted);
        return failure;
    }
}
