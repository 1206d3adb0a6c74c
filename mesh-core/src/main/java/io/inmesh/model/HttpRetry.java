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
    public HttpRetry {
        retryOn = List.copyOf(retryOn);
    }

    /** Starts a policy in which only the attempts are given. */
    public static Builder builder(int attempts) {
        return new Builder(attempts);
    }

    /** Starts a copy. */
    public Builder toBuilder() {
        return new Builder(attempts)
                .perTryTimeout(perTryTimeout)
                .retryOn(retryOn)
                .retryRemoteLocalities(retryRemoteLocalities)
                .retryIgnorePreviousHosts(retryIgnorePreviousHosts)
                .backoff(backoff);
    }

    /** Collects a policy; not thread-safe. */
    public static final class Builder {
        private final int attempts;
        private @Nullable Duration perTryTimeout;
        private List<String> retryOn = List.of();
        private @Nullable Boolean retryRemoteLocalities;
        private @Nullable Boolean retryIgnorePreviousHosts;
        private @Nullable Duration backoff;

        private Builder(int attempts) {
            this.attempts = attempts;
        }

        /** Null means the route's timeout. */
        public Builder perTryTimeout(@Nullable Duration newPerTryTimeout) {
            perTryTimeout = newPerTryTimeout;
            return this;
        }

        /** Conditions and status codes; empty means Istio's default list. */
        public Builder retryOn(List<String> newRetryOn) {
            retryOn = newRetryOn;
            return this;
        }

        /** Null means false. */
        public Builder retryRemoteLocalities(@Nullable Boolean newRetryRemoteLocalities) {
            retryRemoteLocalities = newRetryRemoteLocalities;
            return this;
        }

        /** Null means true. */
        public Builder retryIgnorePreviousHosts(@Nullable Boolean newRetryIgnorePreviousHosts) {
            retryIgnorePreviousHosts = newRetryIgnorePreviousHosts;
            return this;
        }

        /** Base interval, null means 25 ms. */
        public Builder backoff(@Nullable Duration newBackoff) {
            backoff = newBackoff;
            return this;
        }

        /** The policy. */
        public HttpRetry build() {
            return new HttpRetry(
                    attempts, perTryTimeout, retryOn, retryRemoteLocalities, retryIgnorePreviousHosts, backoff);
        }
    }
}
