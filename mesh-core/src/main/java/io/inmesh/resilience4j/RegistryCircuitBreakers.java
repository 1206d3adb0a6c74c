package io.inmesh.resilience4j;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.inmesh.call.CircuitBreaker;
import io.inmesh.call.CircuitBreakers;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The circuit breakers of a resilience4j registry. A name is that of a breaker in the registry; where it has none, one is made with
 * the registry's configuration of that name, and with its default configuration where it has none of these either. What the
 * application replaces or removes in the registry holds from the next call on. Thread-safe.
 */
public final class RegistryCircuitBreakers implements CircuitBreakers {
    private final CircuitBreakerRegistry registry;

    /** Breakers that were made with the default configuration, since nobody had described them. */
    private final Map<String, io.github.resilience4j.circuitbreaker.CircuitBreaker> madeByDefault =
            new ConcurrentHashMap<>();

    private RegistryCircuitBreakers(CircuitBreakerRegistry registry) {
        this.registry = registry;
    }

    /** Those of a registry, which stays the application's: its configurations, its breakers and their events. */
    public static RegistryCircuitBreakers of(CircuitBreakerRegistry registry) {
        return new RegistryCircuitBreakers(registry);
    }

    @Override
    public CircuitBreaker named(String name) {
        return new RegisteredCircuitBreaker(this, name);
    }

    /** Makes none: whoever only looks may not get ahead of an application that is about to describe it. */
    String state(String name) {
        return registry.find(name).map(breaker -> breaker.getState().name()).orElse("not there before the first call");
    }

    io.github.resilience4j.circuitbreaker.CircuitBreaker made(String name) {
        return registry.find(name).orElseGet(() -> make(name));
    }

    private io.github.resilience4j.circuitbreaker.CircuitBreaker make(String name) {
        if (registry.getConfiguration(name).isPresent()) {
            return registry.circuitBreaker(name, name);
        }
        io.github.resilience4j.circuitbreaker.CircuitBreaker made = registry.circuitBreaker(name);
        if (made.getCircuitBreakerConfig() == registry.getDefaultConfig()) {
            madeByDefault.put(name, made);
        }
        return made;
    }

    @Override
    public @Nullable String doubt(String name) {
        boolean described = registry.getConfiguration(name).isPresent()
                || registry.find(name)
                        .filter(there -> there != madeByDefault.get(name))
                        .isPresent();
        return described
                ? null
                : "the registry of resilience4j has neither a circuit breaker nor a configuration named " + name
                        + ", so it is made with the default configuration";
    }

    @Override
    public String toString() {
        return "RegistryCircuitBreakers" + registry.getAllCircuitBreakers();
    }
}
