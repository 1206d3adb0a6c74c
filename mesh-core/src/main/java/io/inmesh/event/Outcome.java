package io.inmesh.event;

import org.jspecify.annotations.Nullable;

/** How one attempt ended. */
public sealed interface Outcome {
    /** The server answered; the body was read to its end or closed by the caller. */
    record Responded(int status) implements Outcome {}

    /**
     * Nothing of the request reached a server: connection refused, connect timeout, refused stream, DNS failure. Whatever
     * the method, it may be sent again, if its body still can be.
     */
    record NeverSent(ResponseFlag flag, String reason) implements Outcome {}

    /** The exchange broke after some of the request may have been sent. */
    record Failed(ResponseFlag flag, String reason) implements Outcome {}

    /** The deadline passed. */
    record TimedOut() implements Outcome {
        @Override
        public ResponseFlag flag() {
            return ResponseFlag.UT;
        }
    }

    /** The caller gave up. */
    record Canceled() implements Outcome {
        @Override
        public ResponseFlag flag() {
            return ResponseFlag.DC;
        }
    }

    /** Status of the answer, 0 where there is none. */
    default int status() {
        return 0;
    }

    /** Why there is no answer, null where there is one. */
    default @Nullable ResponseFlag flag() {
        return null;
    }
}
