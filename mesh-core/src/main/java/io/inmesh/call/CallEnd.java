package io.inmesh.call;

import io.inmesh.event.Outcome;
import java.io.IOException;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/**
 * Ends a call whose response the caller has: the end of the response body is the end of the delivered attempt and of the
 * call. {@link TransportAttempt#deliver} is given it; an attempt that is not delivered ends without the transport saying
 * so. Thread-safe.
 */
public interface CallEnd {
    /**
     * The body has been read to its end, has failed or was closed. To be called on whichever thread that happens; the
     * first call counts, later ones do nothing.
     *
     * @param outcome of the attempt: what {@link Exchange#classify} says of the response, or, when reading failed,
     *     {@link TransportAttempt#classifyFailure} of the failure
     */
    void ended(Outcome outcome);

    /**
     * Ends the call when {@code body} is garbage-collected before {@link #ended} was called: the caller dropped the
     * response without closing it. To be called from {@link TransportAttempt#deliver}, once. By default nothing happens.
     *
     * @param body what all ways to read the body lead through; neither this nor the attempt, the exchange or the
     *     connection may lead to it
     * @param outcome as closing the body would give
     * @return a reference that is cleared at that time; null when nothing happens
     */
    default @Nullable Reference<?> endWhenUnreachable(Object body, Outcome outcome) {
        return null;
    }

    /**
     * What the caller is to see instead of a failure while reading the body: a {@link MeshException} when the deadline
     * caused it, else {@code failure} itself. To be asked before {@link #ended}.
     */
    IOException translate(IOException failure);
}
