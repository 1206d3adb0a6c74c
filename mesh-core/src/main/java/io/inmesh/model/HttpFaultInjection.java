package io.inmesh.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Injected delay and abort (Istio: HTTPFaultInjection). Both are drawn independently, the delay comes first, and both
 * come before timeout and retries.
 */
public record HttpFaultInjection(
        @Nullable Delay delay, @Nullable Abort abort) {
    /**
     * Fixed delay.
     *
     * @param fixedDelay 1 ms or more
     * @param partsPerMillion of the requests, 0 to 1,000,000; a percentage that is absent is 0
     */
    public record Delay(Duration fixedDelay, int partsPerMillion) {}

    /**
     * Abort with a status; exactly one of the two is given.
     *
     * @param httpStatus 200 to 599, 0 when a gRPC status is given
     * @param grpcStatus name such as {@code NOT_FOUND}, null when an HTTP status is given
     * @param partsPerMillion of the requests, 0 to 1,000,000; a percentage that is absent is 0
     */
    public record Abort(int httpStatus, @Nullable String grpcStatus, int partsPerMillion) {}
}
