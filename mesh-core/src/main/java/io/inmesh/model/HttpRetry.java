package io.inmesh.model;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Retry policy (Istio: HTTPRetry).
 *
 * @param attempts re-tries after the first try; 0 disables
 * @param perTryTimeout null means the route's timeout
 * @param retryOn conditions and status codes; empty means Istio's default list
 * @param retryRemoteLocalities null means false
 * @param retryIgnorePreviousHosts null means true
 * @param backoff base interval, null means 25 ms
 */
public record HttpRetry(
        int attempts,
        @Nullable Duration perTryTimeout,
        List<String> retryOn,
        @Nullable Boolean retryRemoteLocalities,
        @Nullable Boolean retryIgnorePreviousHosts,
        @Nullable Duration backoff) {
    /** Copies the list. */
    public HttpRetry {
        retryOn = List.copyOf(retryOn);
    }
}
