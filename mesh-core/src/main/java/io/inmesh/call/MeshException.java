package io.inmesh.call;

import io.inmesh.event.ResponseFlag;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A call that failed without an answer of a server. Carries no stack trace of its own: it says what the mesh decided,
 * and its cause, if any, says where.
 */
public final class MeshException extends IOException {
    private static final long serialVersionUID = 1L;

    private final ResponseFlag flag;

    /**
     * Makes an exception.
     *
     * @param message host, cluster and reason, for people
     * @param cause null when the mesh decided by itself
     */
    public MeshException(ResponseFlag flag, String message, @Nullable Throwable cause) {
        super(flag + ": " + message, cause);
        this.flag = flag;
    }

    /** Why the call failed. */
    public ResponseFlag flag() {
        return flag;
    }

    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
