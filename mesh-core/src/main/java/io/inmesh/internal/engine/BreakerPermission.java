package io.inmesh.internal.engine;

import io.inmesh.call.CircuitBreaker;
import io.inmesh.call.MeshException;
import io.inmesh.event.ResponseFlag;
import io.inmesh.internal.snapshot.CallPlan;
import io.inmesh.internal.snapshot.DestinationBreaker;
import io.inmesh.observe.Overflow;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the circuit breaker of a destination has granted one call, until the call has ended. */
final class BreakerPermission {
    private final CircuitBreaker breaker;
    private final String where;
    private final long sinceNanos;

    /**
     * How a call has ended, beside its flags.
     *
     * @param sent whether there has been an attempt
     * @param hurried whether the time was over that a request was given on whose behalf the call was made
     * @param unanswered whether the client's own time limit has ended it, and not its caller
     */
    record End(boolean sent, boolean hurried, boolean unanswered) {}

    private BreakerPermission(CircuitBreaker breaker, String where, long sinceNanos) {
        this.breaker = breaker;
        this.where = where;
        this.sinceNanos = sinceNanos;
    }

    /**
     * Asks, once a call and before anything is sent.
     *
     * @param open the attempts under way, of all calls
     * @return null where no breaker guards the destination
     * @throws MeshException with flag UO when the breaker refuses the call
     */
    static @Nullable BreakerPermission of(ForwardCall call, CallPlan plan, OpenAttempts open) throws MeshException {
        DestinationBreaker guard = plan.target().asked().breaker();
        if (guard == null) {
            return null;
        }
        // Their permissions may be all that a half-open breaker has, and a call that is refused looks for nothing any
        // more.
        open.endDropped();
        CircuitBreaker breaker = guard.find();
        if (breaker.tryAcquire()) {
            return new BreakerPermission(breaker, call.where(), call.now());
        }
        call.overflowed(Overflow.CIRCUIT_BREAKER);
        throw new MeshException(
                ResponseFlag.UO,
                call.where() + ": not sent, because " + guard.words() + " refuses it (" + breaker.state() + ")",
                null);
    }

    /**
     * Tells the breaker how the call has ended. To be called once.
     *
     * @param status of the answer that the caller has; 0 for none
     * @param flags of the call's end; empty where the answer stands
     * @param failure that the caller sees; null where a body broke off
     * @param end what the flags leave open
     */
    void ended(int status, List<ResponseFlag> flags, @Nullable IOException failure, End end, long nowNanos) {
        long nanos = nowNanos - sinceNanos;
        ResponseFlag last = flags.isEmpty() ? null : flags.get(flags.size() - 1);
        if (last == null || (status > 0 && isOfAnswer(last))) {
            breaker.answered(status, nanos);
        } else if (isOfDestination(last, end)) {
            breaker.failed(
                    Objects.requireNonNullElseGet(
                            failure, () -> new MeshException(last, where + ": the answer broke off", null)),
                    nanos);
        } else {
            breaker.released();
        }
    }

    /** Why no attempt was made after an answer, which is the caller's. */
    private static boolean isOfAnswer(ResponseFlag flag) {
        return flag == ResponseFlag.URX || flag == ResponseFlag.UO;
    }

    private static boolean isOfDestination(ResponseFlag flag, End end) {
        return switch (flag) {
            case UH, UF, URX, UC, UR, DF, SI, UPE -> true;
            // Not where nothing was sent, nor where another would have had more time.
            case UT -> end.sent && !end.hurried;
            // A limit on this side, unless it kept out what was to follow a failure.
            case UO -> end.sent;
            case DC -> end.unanswered;
            case NR, NC, DI, FI, RL, UAEX, DPE, LR, OM, UNEXECUTED, BLOCKED -> false;
        };
    }
}
