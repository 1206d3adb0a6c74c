package io.inmesh.call;

/**
 * A request that is known as a whole, its body included, and can be sent to others beside its call (SPI). It is not a part of
 * the call: neither the end of the call nor its cancellation concerns it. Thread-safe.
 */
@FunctionalInterface
public interface RequestCopy {
    /**
     * The request as an exchange of its own, used by one thread, which need not be the call's. Nobody reads its response: {@link
     * TransportAttempt#deliver} closes it and tells its end. It leaves no trace in what the caller's client keeps, such as a
     * cache or cookies. It is neither passed through nor answered by the mesh.
     */
    Exchange<?> exchange();

    /** Is told how the copying of a request went. On the thread of the call, once at most; quick, and does not throw. */
    interface Listener {
        /** The whole request is known. */
        void copied(RequestCopy copy);

        /**
         * There will be no copy.
         *
         * @param why half a sentence about the request or its client, such as {@code its body is longer than 65536 bytes}
         */
        void notCopied(String why);
    }
}
