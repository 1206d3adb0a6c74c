package io.inmesh.observe;

import java.util.Locale;

/** A limit of a cluster's that kept something from being sent (Envoy: circuit breakers, flag UO). */
public enum Overflow {
    /** As many requests were in flight as {@code connectionPool.http.http2MaxRequests} allows. */
    REQUESTS,
    /**
     * All connections that {@code connectionPool.tcp.maxConnections} allows were in use, and as many requests waited for one as
     * {@code connectionPool.http.http1MaxPendingRequests} allows.
     */
    PENDING,
    /** As many retries were in flight as {@code connectionPool.http.maxRetries} or {@code retryBudget} allows. */
    RETRIES;

    /** In lower case, as metrics have it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
