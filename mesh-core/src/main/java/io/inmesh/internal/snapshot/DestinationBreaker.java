package io.inmesh.internal.snapshot;

import io.inmesh.call.CircuitBreaker;
import io.inmesh.call.CircuitBreakers;

/**
 * The circuit breaker that a rule names for a destination. Looked up for each call: the application may put another one in its place.
 *
 * @param name as the rule has it
 * @param breakers of the application
 */
public record DestinationBreaker(String name, CircuitBreakers breakers) {
    /** The breaker as it is now. */
    public CircuitBreaker find() {
        return breakers.named(name);
    }

    /** {@code circuit breaker reviews}, for people. */
    public String words() {
        return "circuit breaker " + name;
    }
}
