package io.inmesh.call;

import io.inmesh.event.ResponseFlag;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call that failed without an answer of a server. Carries no stack trace of its own: it says what the mesh decided,
 * and its cause, if any, says where.
 */
public final class MeshException extends IOException {
    private static final long serialVersionUID = 1L;

    /** At least one. An array, since that can be serialized whatever list was given. */
    private final ResponseFlag[] flags;

    /**
     * Makes an exception.
     *
     * @param message host, cluster and reason, for people
     * @param cause null when the mesh decided by itself
     */
    public MeshException(ResponseFlag flag, String message, @Nullable Throwable cause) {
        this(List.of(flag), message, cause);
    }

    /**
     * Makes an exception of a call that ended for several reasons.
     *
     * @param flags at least one: first why the call ended with the last attempt, such as {@link ResponseFlag#URX}, then why
     *     that one failed
     * @param message host, cluster and reason, for people
     * @param cause null when the mesh decided by itself
     */
    public MeshException(List<ResponseFlag> flags, String message, @Nullable Throwable cause) {
        super(flags.get(0) + ": " + message, cause);
        this.flags = flags.toArray(new ResponseFlag[0]);
    }

    /** Why the call failed; of several reasons the first. */
    public ResponseFlag flag() {
        return flags[0];
    }

    /** All reasons, as a sidecar's access log has them: {@code URX} and {@code UT} for a last attempt that took too long. */
    public List<ResponseFlag> flags() {
        return List.of(flags);
    }

    /** The status that a sidecar would answer: that of the last attempt's failure. 0 where the flags do not decide it. */
    public int status() {
        return flags[flags.length - 1].status();
    }

    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
