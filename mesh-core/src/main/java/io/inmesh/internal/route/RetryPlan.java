package io.inmesh.internal.route;

import io.inmesh.model.HttpRetry;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What follows an attempt that fails, and how long one may take (Istio: HTTPRetry). Immutable.
 *
 * @param attempts after the first one, 0 for none
 * @param on when there is another
 * @param perTryNanos until response headers, for each attempt; 0 for no such limit
 * @param backoffNanos window of the first wait
 * @param sparesPreviousHosts whether a host that has been tried is not tried again as long as there is another
 * @param notInForce what the rule itself asks for and has no effect, by field of Istio's HTTPRetry
 */
public record RetryPlan(
        int attempts,
        RetryConditions on,
        long perTryNanos,
        long backoffNanos,
        boolean sparesPreviousHosts,
        Map<String, String> notInForce) {
    /** Envoy's. */
    private static final long DEFAULT_BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

    /** Where a route says nothing, as Istio. */
    public static final RetryPlan DEFAULT = of(2, RetryConditions.DEFAULT);

    public RetryPlan {
        notInForce = Collections.unmodifiableMap(new LinkedHashMap<>(notInForce));
    }

    /** A plan with all else as Istio has it where a rule is silent. */
    public static RetryPlan of(int attempts, RetryConditions on) {
        return new RetryPlan(attempts, on, 0, DEFAULT_BACKOFF_NANOS, true, Map.of());
    }

    /** That of a rule; null for {@link #DEFAULT}. */
    public static RetryPlan of(@Nullable HttpRetry retry) {
        if (retry == null) {
            return DEFAULT;
        }
        if (retry.attempts() == 0) {
            return of(0, RetryConditions.DEFAULT);
        }
        RetryConditions on = RetryConditions.of(retry.retryOn());
        return new RetryPlan(
                retry.attempts(),
                on,
                retry.perTryTimeout() == null ? 0 : retry.perTryTimeout().toNanos(),
                retry.backoff() == null
                        ? DEFAULT_BACKOFF_NANOS
                        : retry.backoff().toNanos(),
                !Boolean.FALSE.equals(retry.retryIgnorePreviousHosts()),
                notInForce(retry, on));
    }

    private static Map<String, String> notInForce(HttpRetry retry, RetryConditions on) {
        Map<String, String> without = new LinkedHashMap<>();
        List<String> conditions = on.withoutEffect();
        if (!conditions.isEmpty()) {
            without.put("retryOn", String.join(",", conditions));
        }
        if (Boolean.TRUE.equals(retry.retryRemoteLocalities())) {
            without.put("retryRemoteLocalities", "true");
        }
        return without;
    }
}
