package io.inmesh.observe;

import io.inmesh.event.ResponseFlag;
import org.jspecify.annotations.Nullable;

/**
 * A request that came in and has ended.
 *
 * @param status of the answer, 0 when none was begun before the client was gone. Where an error page answers after the only
 *     dispatch of a request that is not asynchronous, that of the error, which the page may have changed
 * @param flag why it was not answered by whom it was for: {@code RL}, {@code UAEX} and {@code DPE} where limits and policies
 *     refuse it, {@code DC} where the client cannot be written to, or the application throws what reading the request failed
 *     with, at a gateway also why no server answered; null else
 * @param requestBytes of its body as it was told or read, -1 when not known
 * @param responseBytes of the answer's body, before whatever the container compresses; -1 when not known, as when the container
 *     sends a file by itself or writes an error page of its own
 * @param totalNanos since it came in
 */
public record EndedRequest(
        int status, @Nullable ResponseFlag flag, long requestBytes, long responseBytes, long totalNanos) {}
