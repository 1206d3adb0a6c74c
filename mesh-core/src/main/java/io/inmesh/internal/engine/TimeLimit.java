package io.inmesh.internal.engine;

import io.inmesh.call.HeaderField;
import io.inmesh.call.MeshException;
import io.inmesh.event.ResponseFlag;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long a call may take: the timeout of its route, which begins after the faults, and the time by which the request is to
 * be answered on whose behalf the call is made, of which the sooner counts; and how long each attempt may take up to its
 * response headers.
 *
 * @param timeoutNanos of the route, 0 for none
 * @param perTryNanos 0 for none
 * @param inboundDeadline by the time source; null for none
 */
record TimeLimit(
        long timeoutNanos, long perTryNanos, @Nullable Long inboundDeadline) {
    /** Tells the server how long the caller waits, in milliseconds; as Envoy's router sends it. */
    static final String EXPECTED_HEADER = "x-envoy-expected-rq-timeout-ms";

    /** Whether there is any for the whole call. */
    boolean exists() {
        return timeoutNanos > 0 || inboundDeadline != null;
    }

    /** Fails when nothing is left before attempts have begun. Reads no clock for a call that is made on nobody's behalf. */
    void check(ForwardCall call) throws MeshException {
        if (inboundDeadline != null && inboundDeadline - call.now() <= 0) {
            throw new MeshException(
                    ResponseFlag.UT,
                    call.where() + " was not called: nothing is left of the time in which the request that came in, for"
                            + " which the call is made, was to be answered",
                    null);
        }
    }

    /** How long something that takes {@code nanos} takes at most, so that it ends with the request. */
    long cut(long nanos, long nowNanos) {
        return inboundDeadline == null ? nanos : Math.min(nanos, inboundDeadline - nowNanos);
    }

    /** When a call is to be over whose attempts begin now; only where there is a limit. */
    long endFrom(long nowNanos) {
        long byRoute = nowNanos + timeoutNanos;
        if (inboundDeadline == null) {
            return byRoute;
        }
        return timeoutNanos > 0 && byRoute - inboundDeadline <= 0 ? byRoute : inboundDeadline;
    }

    /** Whether a deadline of the call is that of the request for which it is made. */
    boolean isInbound(@Nullable Deadline deadline) {
        return deadline != null && inboundDeadline != null && inboundDeadline == deadline.atNanos();
    }

    /** Of an attempt that begins now, up to its response headers, beside another which the call's deadline covers; null for none. */
    @Nullable
    Deadline beside(ForwardCall call, Deadlines deadlines) {
        Deadline whole = call.deadline();
        if (perTryNanos == 0) {
            return whole == null ? null : deadlines.startAt(whole.atNanos());
        }
        long end = call.now() + perTryNanos;
        return deadlines.startAt(whole != null && whole.isBefore(end) ? whole.atNanos() : end);
    }

    /** What has passed, for people, when a deadline has fired. */
    String passed(@Nullable Deadline fired) {
        return isInbound(fired)
                ? "the time that was left of the request that came in, for which the call was made"
                : "the route's timeout of " + TimeUnit.NANOSECONDS.toMillis(timeoutNanos) + " ms";
    }

    /**
     * What an attempt tells its server, in milliseconds that have begun. Null, without a look at the clock, where there is no
     * limit.
     *
     * @param deadline of the call, as far as it has one
     */
    @Nullable
    HeaderField expected(@Nullable Deadline deadline, ForwardCall call) {
        if (deadline == null && perTryNanos == 0) {
            return null;
        }
        long left = deadline == null ? Long.MAX_VALUE : deadline.atNanos() - call.now();
        long nanos = perTryNanos == 0 ? left : Math.min(perTryNanos, left);
        long millis = -Math.floorDiv(-nanos, TimeUnit.MILLISECONDS.toNanos(1));
        return new HeaderField(EXPECTED_HEADER, Long.toString(Math.max(1, millis)));
    }
}
