package io.inmesh.resilience4j;

import io.inmesh.call.CircuitBreaker;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A breaker of resilience4j in the mesh's words, for one call. */
final class RegisteredCircuitBreaker implements CircuitBreaker {
    private static final int FIRST_SERVER_ERROR = 500;

    private final RegistryCircuitBreakers breakers;
    private final String name;

    /** The one that was asked; null before. Its ends are told to it, whatever takes its place meanwhile. */
    private io.github.resilience4j.circuitbreaker.@Nullable CircuitBreaker asked;

    RegisteredCircuitBreaker(RegistryCircuitBreakers breakers, String name) {
        this.breakers = breakers;
        this.name = name;
    }

    @Override
    public String state() {
        return breakers.state(name);
    }

    @Override
    public boolean tryAcquire() {
        asked = breakers.made(name);
        return asked.tryAcquirePermission();
    }

    private io.github.resilience4j.circuitbreaker.CircuitBreaker asked() {
        return Objects.requireNonNull(asked, "no permission was asked for");
    }

    @Override
    public void answered(int status, long nanos) {
        if (status >= FIRST_SERVER_ERROR) {
            failed(new ServerErrorException(status), nanos);
            return;
        }
        try {
            asked().onResult(nanos, TimeUnit.NANOSECONDS, status);
        } catch (Throwable predicate) {
            asked().releasePermission();
            throw predicate;
        }
    }

    @Override
    public void failed(IOException failure, long nanos) {
        try {
            asked().onError(nanos, TimeUnit.NANOSECONDS, failure);
        } catch (Throwable predicate) {
            // Mostly thrown before anything is counted: it may expect what another user of the registry hands over.
            // A permission that is given back twice lets one more call through; one that is not given back may keep
            // a breaker half-open for ever.
            asked().releasePermission();
            throw predicate;
        }
    }

    @Override
    public void released() {
        asked().releasePermission();
    }

    @Override
    public String toString() {
        return name;
    }
}
