package io.inmesh.observe;

import io.inmesh.event.ResponseFlag;
import org.jspecify.annotations.Nullable;

/**
 * A call that has ended.
 *
 * @param status of the answer, 0 when there was none
 * @param flag null when the answer stands, the server's or the mesh's own
 * @param attempts how many were made
 * @param totalNanos since it was decided what is done
 */
public record EndedCall(int status, @Nullable ResponseFlag flag, int attempts, long totalNanos) {}
