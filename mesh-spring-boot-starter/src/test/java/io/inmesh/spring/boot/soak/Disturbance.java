package io.inmesh.spring.boot.soak;

/** What happens to some calls of a soak; each can be switched on alone, see {@link SoakTest}. */
enum Disturbance {
    /** The client's own way to cancel, from another thread, at any moment of the call. */
    CANCEL,
    /** The thread that waits for the call is interrupted. */
    INTERRUPT,
    /** The client's own timeout, shorter than the answer takes. */
    TIMEOUT,
    /** The route's timeout, shorter than the answer takes. */
    DEADLINE,
    /** The server answers with a redirect to itself or to another service. */
    REDIRECT,
    /** The response is dropped without having been closed. */
    UNCLOSED,
    /** A server closes its connections and is away for a moment. */
    RESTART;

    /** Whether a call that this happens to may fail. */
    boolean cuts() {
        return this == CANCEL || this == INTERRUPT || this == TIMEOUT || this == DEADLINE;
    }
}
