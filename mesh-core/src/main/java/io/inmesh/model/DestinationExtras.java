package io.inmesh.model;

import org.jspecify.annotations.Nullable;

/**
 * What InMesh does for a destination beyond Istio's fields, as annotations of a DestinationRule ask for it. They hold for
 * all ports and subsets.
 *
 * @param hedgeAfterPercentile percentile of recent latencies after which a call that has no answer is sent to a second
 *     host, above 0 and below 100; null for never
 * @param circuitBreaker name of the circuit breaker that guards the destination, never empty; null for none
 */
public record DestinationExtras(
        @Nullable Double hedgeAfterPercentile, @Nullable String circuitBreaker) {
    /** Nothing is asked for. */
    public static final DestinationExtras NONE = new DestinationExtras(null, null);

    /** These, and of another what these leave out. */
    public DestinationExtras or(DestinationExtras other) {
        return new DestinationExtras(
                hedgeAfterPercentile == null ? other.hedgeAfterPercentile : hedgeAfterPercentile,
                circuitBreaker == null ? other.circuitBreaker : circuitBreaker);
    }
}
