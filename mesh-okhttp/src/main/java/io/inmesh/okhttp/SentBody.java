package io.inmesh.okhttp;

/** How far the body of a request has been sent in one attempt, and whether it broke by itself. Written by the call's thread. */
final class SentBody {
    private volatile boolean started;
    private volatile boolean over;
    private volatile boolean broke;

    /** Nothing has been sent of it. */
    void reset() {
        started = false;
        over = false;
        broke = false;
    }

    /** Its first bytes are asked for. */
    void start() {
        started = true;
        over = false;
    }

    /** It was sent, or the network failed before. */
    void end() {
        over = true;
    }

    /** It throws while it is sent, which it does by itself unless the network failed before. */
    void fails() {
        if (!over) {
            broke = true;
        }
    }

    /** Whether something of it may have been taken. */
    boolean started() {
        return started;
    }

    /** Whether it could not be sent, by no fault of the network. */
    boolean broke() {
        return broke;
    }

    /** Whether bytes of it are still to come. */
    boolean isUnfinished() {
        return started && !over;
    }
}
