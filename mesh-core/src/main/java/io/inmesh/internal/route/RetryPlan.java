package io.inmesh.internal.route;

import io.inmesh.model.HttpRetry;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a route asks for when an attempt fails, with Istio's defaults filled in. Immutable.
 *
 * @param attempts after the first one, 0 for none
 * @param retryOn conditions, in the rule's order
 * @param perTryTimeout null for none but the route's
 */
public record RetryPlan(
        int attempts, List<String> retryOn, @Nullable Duration perTryTimeout) {
    private static final List<String> DEFAULT_RETRY_ON =
            List.of("connect-failure", "refused-stream", "unavailable", "cancelled", "retriable-status-codes");

    /** Where a route says nothing. */
    public static final RetryPlan DEFAULT = new RetryPlan(2, DEFAULT_RETRY_ON, null);

    /** Copies the list. */
    public RetryPlan {
        retryOn = List.copyOf(retryOn);
    }

    static RetryPlan of(@Nullable HttpRetry retry) {
        if (retry == null) {
            return DEFAULT;
        }
        List<String> on = retry.retryOn().isEmpty() ? DEFAULT_RETRY_ON : retry.retryOn();
        return new RetryPlan(retry.attempts(), retry.attempts() == 0 ? List.of() : on, retry.perTryTimeout());
    }
}
