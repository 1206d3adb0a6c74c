package io.inmesh.observe;

import io.inmesh.call.HeaderField;
import java.util.List;

/**
 * Hears of one call, from its first attempt to its end. The order is: for each attempt {@link #attemptStarted}, then
 * {@link #responseStarted} if headers came, then {@link #attemptEnded}, then {@link #retried} if another is planned; {@link #overflowed} where
 * a limit keeps an attempt from following; last {@link #ended}. Each start has one end. Where a rule hedges, attempt 2 may start on
 * a thread of its own before attempt 1 has ended; then {@link #hedged} is told once. What comes after headers may come on another thread than what came before, but
 * never at the same time. Methods must be quick; what they throw is logged once and dropped.
 */
public interface CallObservation {
    /** Hears nothing. */
    CallObservation NONE = new CallObservation() {};

    /**
     * An attempt is about to be sent.
     *
     * @return headers to send with this attempt in place of any of the same name, such as a trace context; empty for none.
     *     One that cannot be sent, or is {@code Host}, is left out
     */
    default List<HeaderField> attemptStarted(StartedAttempt attempt) {
        return List.of();
    }

    /**
     * Response headers are there.
     *
     * @param attempt its number
     * @param status 0 when the transport has none
     * @param nanos since the attempt began, just before {@link #attemptStarted}
     */
    default void responseStarted(int attempt, int status, long nanos) {}

    /** An attempt has ended, its response body included. */
    default void attemptEnded(EndedAttempt attempt) {}

    /** Another attempt is planned; the call may still end during the wait. */
    default void retried(Retry retry) {}

    /** A limit of the cluster keeps an attempt, or another one, from being sent; the call ends. */
    default void overflowed(Overflow overflow) {}

    /**
     * A second attempt beside the first is over, or its time came and it was not sent; told before the answer is the caller's.
     * Where it was sent, its {@link #attemptStarted} comes before the end of the first.
     */
    default void hedged(HedgeResult result) {}

    /** The call has ended, its response body included. */
    default void ended(EndedCall call) {}
}
