package io.inmesh.call;

import io.inmesh.event.Outcome;
import java.io.IOException;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/**
 * Ends an attempt. The transport calls {@link #ended} when the response body has been read to its end, failed or was
 * closed; the first call counts, later ones do nothing. Thread-safe.
 */
public interface AttemptEnd {
    /** The body ended; {@code outcome} as {@link Exchange#classify} would say. */
    void ended(Outcome outcome);

    /**
     * Ends the attempt when {@code body} is garbage-collected before {@link #ended} was called: a caller dropped the
     * response without closing it. To be called from {@link Exchange#deliver}, once. By default nothing happens.
     *
     * @param body what all ways to read the body lead through; neither this nor the exchange's connection may lead to it
     * @param outcome as closing the body would give
     * @return a reference that is cleared at that time; null when nothing happens
     */
    default @Nullable Reference<?> endWhenUnreachable(Object body, Outcome outcome) {
        return null;
    }

    /**
     * What the caller is to see instead of a failure while reading the body: a {@link MeshException} when the deadline
     * caused it, else {@code failure} itself.
     */
    IOException translate(IOException failure);
}
