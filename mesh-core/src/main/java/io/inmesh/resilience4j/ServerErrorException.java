package io.inmesh.resilience4j;

import java.io.IOException;

/**
 * What a circuit breaker is handed for an answer of 500 or more, so that {@code recordExceptions}, {@code ignoreExceptions} and the
 * predicates beside them decide about it. Nobody throws it: the caller has the answer.
 */
public final class ServerErrorException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /**
     * Makes one.
     *
     * @param status 500 or more
     */
    public ServerErrorException(int status) {
        super("a server has answered " + status);
        this.status = status;
    }

    /** Of the answer. */
    public int status() {
        return status;
    }

    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
