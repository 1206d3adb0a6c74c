package io.inmesh.internal.cluster;

import io.inmesh.explain.LimitUse;
import io.inmesh.explain.LimitUse.Limited;
import io.inmesh.model.ConnectionPoolSettings;
import io.inmesh.model.TrafficPolicy.RetryBudget;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much of what one cluster lets run at once, as its policy says (Istio: cluster_traffic_policy.go: zero and nothing given
 * mean no limit). {@link Integer#MAX_VALUE} is no limit. Immutable.
 *
 * @param maxRequests requests in flight
 * @param maxConnections requests in flight that have a connection for themselves, as in HTTP/1
 * @param maxPending requests that wait for such a connection
 * @param maxRetries retries in flight, where there is no budget
 * @param budget null for none; its parts are given
 * @param hedges of second attempts beside first ones, among the retries; null where no rule asks for those
 */
public record LimitSettings(
        int maxRequests,
        int maxConnections,
        int maxPending,
        int maxRetries,
        @Nullable Budget budget,
        @Nullable Budget hedges) {
    /** Nothing is limited, and nothing need be counted. */
    static final LimitSettings NONE =
            new LimitSettings(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, null, null);

    private static final double DEFAULT_PERCENT = 20;
    private static final int DEFAULT_MIN_CONCURRENCY = 3;

    /**
     * How many retries may be in flight.
     *
     * @param percent of the requests that are in flight or wait
     * @param minConcurrency that many at least
     */
    public record Budget(double percent, int minConcurrency) {
        /** The limit, as Envoy rounds it. */
        int limit(int requests) {
            return (int) Math.max(percent / 100 * requests, minConcurrency);
        }

        /** What a policy says; Istio: a concurrency of 0 is one that is not given. */
        public static Budget of(RetryBudget given) {
            Double percent = given.percent();
            int min = LimitSettings.given(given.minRetryConcurrency());
            return new Budget(
                    percent == null ? DEFAULT_PERCENT : percent,
                    min == Integer.MAX_VALUE ? DEFAULT_MIN_CONCURRENCY : min);
        }
    }

    /** What a policy says. */
    static LimitSettings of(ClusterPolicy policy) {
        ConnectionPoolSettings pool = policy.connectionPool();
        ConnectionPoolSettings.Tcp tcp = pool == null ? null : pool.tcp();
        ConnectionPoolSettings.Http http = pool == null ? null : pool.http();
        LimitSettings settings = new LimitSettings(
                http == null ? Integer.MAX_VALUE : given(http.http2MaxRequests()),
                tcp == null ? Integer.MAX_VALUE : given(tcp.maxConnections()),
                http == null ? Integer.MAX_VALUE : given(http.http1MaxPendingRequests()),
                http == null ? Integer.MAX_VALUE : given(http.maxRetries()),
                policy.retryBudget() == null ? null : Budget.of(policy.retryBudget()),
                policy.extras().hedgeAfterPercentile() == null ? null : hedges(policy));
        return settings.equals(NONE) ? NONE : settings;
    }

    private static Budget hedges(ClusterPolicy policy) {
        return policy.retryBudget() == null
                ? new Budget(DEFAULT_PERCENT, DEFAULT_MIN_CONCURRENCY)
                : Budget.of(policy.retryBudget());
    }

    private static int given(@Nullable Integer value) {
        return value == null || value == 0 ? Integer.MAX_VALUE : value;
    }

    /**
     * The limits that there are, with what is in use of them.
     *
     * @param shares whether requests share connections, as in HTTP/2; then none waits for one
     */
    List<LimitUse> uses(int active, int pending, int retries, boolean shares) {
        if (equals(NONE)) {
            return List.of();
        }
        List<LimitUse> uses = new ArrayList<>();
        if (maxRequests != Integer.MAX_VALUE) {
            uses.add(new LimitUse(Limited.REQUESTS, "connectionPool.http.http2MaxRequests", active, maxRequests));
        }
        if (!shares && maxConnections != Integer.MAX_VALUE) {
            uses.add(new LimitUse(Limited.CONNECTIONS, "connectionPool.tcp.maxConnections", active, maxConnections));
            if (maxPending != Integer.MAX_VALUE) {
                uses.add(new LimitUse(
                        Limited.PENDING, "connectionPool.http.http1MaxPendingRequests", pending, maxPending));
            }
        }
        if (budget != null) {
            uses.add(new LimitUse(Limited.RETRIES, "retryBudget", retries, budget.limit(active + pending)));
        } else if (maxRetries != Integer.MAX_VALUE) {
            uses.add(new LimitUse(Limited.RETRIES, "connectionPool.http.maxRetries", retries, maxRetries));
        }
        return uses;
    }

    /** Whether it matters how many requests are in flight. */
    boolean countsRequests() {
        return maxRequests != Integer.MAX_VALUE
                || maxConnections != Integer.MAX_VALUE
                || budget != null
                || hedges != null;
    }

    /** How many retries may be in flight beside so many requests that are in flight or wait. */
    int maxRetries(int requests) {
        return budget == null ? maxRetries : budget.limit(requests);
    }

    /** How many retries may be in flight beside so many requests for one of them to be a second attempt beside a first. */
    int maxWithHedge(int requests) {
        return hedges == null ? 0 : Math.min(maxRetries(requests), hedges.limit(requests));
    }
}
