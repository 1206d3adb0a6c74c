package io.inmesh.explain;

import java.util.Locale;

/**
 * A limit that a rule sets to what one cluster lets run at once in this process, and how much of it is in use. Immutable; true
 * of the moment at which it was asked for.
 *
 * @param field of the traffic policy, such as {@code connectionPool.http.http2MaxRequests}
 * @param most how many there may be; of a retry budget, beside the requests of that moment
 */
public record LimitUse(Limited limited, String field, int inUse, int most) {
    /** What is limited. */
    public enum Limited {
        /** Requests in flight. */
        REQUESTS,
        /** Requests in flight that have a connection for themselves, as in HTTP/1.1. */
        CONNECTIONS,
        /** Requests that wait for a connection. */
        PENDING,
        /** Retries in flight. */
        RETRIES;

        /** In lower case, as metrics have it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether there is no room for one more. */
    public boolean isUsedUp() {
        return inUse >= most;
    }
}
