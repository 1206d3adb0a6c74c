package io.inmesh.observe;

import io.inmesh.event.ResponseFlag;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call that has ended.
 *
 * @param status of the answer, 0 when there was none
 * @param flag null when the answer stands, the server's or the mesh's own; beside the status of a server's answer, why no
 *     other attempt was made after it: {@link ResponseFlag#URX} when all had been made, {@link ResponseFlag#UO} when a limit
 *     let no more pass
 * @param attempts how many were made
 * @param totalNanos since it was decided what is done
 * @param flags all that Envoy would log, in its order: an injected delay, then {@code flag}, then why the last attempt failed
 */
public record EndedCall(
        int status, @Nullable ResponseFlag flag, int attempts, long totalNanos, List<ResponseFlag> flags) {
    public EndedCall {
        flags = List.copyOf(flags);
    }

    /** A call without an injected delay whose flag says all. */
    public EndedCall(int status, @Nullable ResponseFlag flag, int attempts, long totalNanos) {
        this(status, flag, attempts, totalNanos, flag == null ? List.of() : List.of(flag));
    }
}
