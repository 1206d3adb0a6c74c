package io.inmesh.internal.route;

import io.inmesh.model.HttpRetry;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What follows an attempt that fails: how many more, and what of the route's policy is not in force. Immutable.
 *
 * @param attempts after the first one, 0 for none
 * @param notInForce what the rule itself asks for and has no effect, by field of Istio's HTTPRetry
 */
public record RetryPlan(int attempts, Map<String, String> notInForce) {
    /**
     * The condition in force, whatever a rule says: nothing of the request has reached a server, so that it is safe to send
     * it again.
     */
    public static final String NEVER_SENT = "never-sent";

    /** Envoy's names of what {@link #NEVER_SENT} covers whole. */
    private static final Set<String> COVERED = Set.of("connect-failure", "refused-stream", "reset-before-request");

    /** Where a route says nothing, as Istio. */
    public static final RetryPlan DEFAULT = new RetryPlan(2, Map.of());

    public RetryPlan {
        notInForce = Collections.unmodifiableMap(new LinkedHashMap<>(notInForce));
    }

    static RetryPlan of(@Nullable HttpRetry retry) {
        if (retry == null) {
            return DEFAULT;
        }
        return new RetryPlan(retry.attempts(), retry.attempts() == 0 ? Map.of() : notInForce(retry));
    }

    private static Map<String, String> notInForce(HttpRetry retry) {
        Map<String, String> without = new LinkedHashMap<>();
        List<String> conditions = retry.retryOn().stream()
                .filter(condition -> !COVERED.contains(condition))
                .toList();
        if (!conditions.isEmpty()) {
            without.put("retryOn", String.join(",", conditions));
        }
        if (retry.perTryTimeout() != null) {
            without.put("perTryTimeout", retry.perTryTimeout().toMillis() + "ms");
        }
        if (retry.backoff() != null) {
            without.put("backoff", retry.backoff().toMillis() + "ms");
        }
        if (Boolean.TRUE.equals(retry.retryRemoteLocalities())) {
            without.put("retryRemoteLocalities", "true");
        }
        // A host that failed is never tried again by the same call, which is what true asks for.
        if (Boolean.FALSE.equals(retry.retryIgnorePreviousHosts())) {
            without.put("retryIgnorePreviousHosts", "false");
        }
        return without;
    }
}
