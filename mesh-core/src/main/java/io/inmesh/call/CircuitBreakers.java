package io.inmesh.call;

import org.jspecify.annotations.Nullable;

/**
 * The circuit breakers of an application, by the names that rules call them by: {@code inmesh.io/circuit-breaker} of a
 * DestinationRule. {@code io.inmesh.resilience4j} has them of a registry of resilience4j. Thread-safe; must neither block nor
 * throw (what it throws is logged once, and the call goes on unguarded).
 */
public interface CircuitBreakers {
    /**
     * The breaker of a name; asked for each call. One that nobody has described is made as the application's default says.
     *
     * @param name as the rule has it, never empty
     */
    CircuitBreaker named(String name);

    /**
     * What makes doubtful whether the breaker of a name is what the rule means, such as that nobody has described it. Told with the
     * place of the rule, as a note; the calls are guarded all the same.
     *
     * @return one sentence for people, the same as long as it is so; null for nothing
     */
    default @Nullable String doubt(String name) {
        return null;
    }
}
