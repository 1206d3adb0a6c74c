package io.inmesh.observe;

/**
 * Hears of one request that came in, up to its end, which is told exactly once. Methods must be quick; what they throw is
 * logged once and dropped.
 */
public interface InboundObservation {
    /** Hears nothing. */
    InboundObservation NONE = new InboundObservation() {};

    /**
     * A gateway has taken the request, to send it on or to answer it. The call of the mesh that starts on this thread before {@link #forwardingEnded} is made
     * for it. Not told of an application's own calls.
     */
    default void forwardingStarted() {}

    /** The gateway has done with it, on the same thread. Told once after each {@link #forwardingStarted}. */
    default void forwardingEnded() {}

    /** The request has ended, its answer included. May come on another thread than its start. */
    default void ended(EndedRequest request) {}
}
