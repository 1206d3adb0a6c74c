package io.inmesh.observe;

import java.util.Locale;

/** What kept something from being sent: a limit of a cluster's (Envoy: circuit breakers, flag UO), or a circuit breaker of the application. */
public enum Overflow {
    /** As many requests were in flight as {@code connectionPool.http.http2MaxRequests} allows. */
    REQUESTS,
    /**
     * All connections that {@code connectionPool.tcp.maxConnections} allows were in use, and as many requests waited for one as
     * {@code connectionPool.http.http1MaxPendingRequests} allows.
     */
    PENDING,
    /** As many retries were in flight as {@code connectionPool.http.maxRetries} or {@code retryBudget} allows. */
    RETRIES,
    /** The circuit breaker that {@code inmesh.io/circuit-breaker} names refused the call. */
    CIRCUIT_BREAKER;

    /** In lower case, as metrics have it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
