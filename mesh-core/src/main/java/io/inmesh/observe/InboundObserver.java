package io.inmesh.observe;

/**
 * Hears of requests that come in: to an application, or to a gateway. Methods are called on the thread of the request, must
 * be quick, must not throw (what they throw is logged once and dropped), and may be called concurrently.
 */
public interface InboundObserver {
    /** Observer that does nothing. */
    InboundObserver NONE = new InboundObserver() {};

    /**
     * A request has come in, and nothing has been done with it.
     *
     * @return hears of the rest of it; {@link InboundObservation#NONE} for nothing
     */
    default InboundObservation requestStarted(StartedRequest request) {
        return InboundObservation.NONE;
    }
}
