package io.inmesh.observe;

import io.inmesh.call.RequestHead;
import org.jspecify.annotations.Nullable;

/**
 * A call for which it is decided what is done.
 *
 * @param head the request as the caller made it; to be read before {@link MeshObserver#callStarted} returns only
 * @param handling what is done
 * @param virtualService {@code namespace/name} of the rule that decided, empty without one
 * @param route name of the route, empty when it has none
 * @param cluster {@code outbound|port|subset|fqdn}, null when none was chosen
 */
public record StartedCall(
        RequestHead head,
        Handling handling,
        String virtualService,
        String route,
        @Nullable String cluster) {
    /** What is done with a call. */
    public enum Handling {
        /** It goes to its destination; a fault, or a destination that cannot be used, may end it without an attempt. */
        FORWARDED,
        /** The mesh answers: a redirect or a direct response. */
        ANSWERED,
        /** The mesh refuses it: no route matches, or only known hosts may be called. */
        REFUSED,
        /** It goes out as if there were no mesh: it has no attempts, and its end is told when there are headers. */
        PASSED_THROUGH
    }
}
