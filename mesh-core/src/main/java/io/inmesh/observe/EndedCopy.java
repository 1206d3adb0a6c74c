package io.inmesh.observe;

/**
 * What became of a copy of a request that a rule asks for ({@code mirror}, {@code mirrors}). A copy is no call of the
 * application: nothing else is told of it.
 *
 * @param virtualService {@code namespace/name} of the rule
 * @param cluster where it was to go, {@code outbound|port|subset|fqdn}
 * @param status of the answer, 0 where there was none
 */
public record EndedCopy(String virtualService, String cluster, Result result, int status) {
    /** How it ended. */
    public enum Result {
        /** The destination answered, with whatever status. */
        ANSWERED,
        /** It was sent, or tried to be, and there is no answer. */
        FAILED,
        /** There was no answer in time. */
        TIMED_OUT,
        /** It was not sent: more copies are under way than may be, or a limit of the destination is reached. */
        DROPPED,
        /** It was not sent: the request cannot be copied, because its body is too long or its HTTP client makes no copies. */
        NOT_COPIED,
        /** It was not sent: the destination is not known, has no endpoint to use, or may not be called. */
        NO_DESTINATION
    }
}
