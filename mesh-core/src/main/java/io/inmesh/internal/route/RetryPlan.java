package io.inmesh.internal.route;

import io.inmesh.model.HttpRetry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a route asks for when an attempt fails, with Istio's defaults filled in, and what of it is in force. Immutable.
 *
 * @param attempts after the first one, 0 for none
 * @param retryOn conditions, in the rule's order
 * @param perTryTimeout null for none but the route's
 */
public record RetryPlan(
        int attempts, List<String> retryOn, @Nullable Duration perTryTimeout) {
    /** The condition in force: nothing of the request has reached a server, so that it is safe to send it again. */
    public static final String NEVER_SENT = "never-sent";

    private static final List<String> DEFAULT_RETRY_ON =
            List.of("connect-failure", "refused-stream", "unavailable", "cancelled", "retriable-status-codes");

    /** Envoy's names of what {@link #NEVER_SENT} covers whole. */
    private static final Set<String> COVERED = Set.of("connect-failure", "refused-stream", "reset-before-request");

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

    /** When an attempt is followed by another, whatever {@link #retryOn} says. */
    public List<String> conditionsInForce() {
        return attempts == 0 ? List.of() : List.of(NEVER_SENT);
    }

    /** What the rule itself asks for and has no effect, by field of Istio's HTTPRetry. */
    public Map<String, String> notInForce() {
        Map<String, String> without = new LinkedHashMap<>();
        List<String> conditions = retryOn.stream()
                .filter(condition -> !COVERED.contains(condition))
                .toList();
        if (!conditions.isEmpty() && !retryOn.equals(DEFAULT_RETRY_ON)) {
            without.put("retryOn", String.join(",", conditions));
        }
        if (perTryTimeout != null) {
            without.put("perTryTimeout", perTryTimeout.toMillis() + "ms");
        }
        return without;
    }
}
