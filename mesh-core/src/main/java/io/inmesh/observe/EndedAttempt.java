package io.inmesh.observe;

import io.inmesh.endpoint.Endpoint;
import io.inmesh.event.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * An attempt that has ended, its response body included.
 *
 * @param number 1 for the first of the call
 * @param endpoint as it was when the attempt began; null when the address that the request names was called
 * @param headersNanos from its beginning to response headers, -1 when none came
 * @param totalNanos from its beginning to the end
 */
public record EndedAttempt(
        int number, @Nullable Endpoint endpoint, Outcome outcome, long headersNanos, long totalNanos) {}
