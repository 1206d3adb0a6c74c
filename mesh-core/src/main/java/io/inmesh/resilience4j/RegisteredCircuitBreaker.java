package io.inmesh.resilience4j;

import io.inmesh.call.CircuitBreaker;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** A breaker of resilience4j in the mesh's words. */
final class RegisteredCircuitBreaker implements CircuitBreaker {
    private static final int FIRST_SERVER_ERROR = 500;

    private final io.github.resilience4j.circuitbreaker.CircuitBreaker breaker;

    RegisteredCircuitBreaker(io.github.resilience4j.circuitbreaker.CircuitBreaker breaker) {
        this.breaker = breaker;
    }

    @Override
    public String state() {
        return breaker.getState().name();
    }

    @Override
    public boolean tryAcquire() {
        return breaker.tryAcquirePermission();
    }

    @Override
    public void answered(int status, long nanos) {
        if (status >= FIRST_SERVER_ERROR) {
            failed(new ServerErrorException(status), nanos);
            return;
        }
        try {
            breaker.onResult(nanos, TimeUnit.NANOSECONDS, status);
        } catch (RuntimeException predicate) {
            breaker.releasePermission();
            throw predicate;
        }
    }

    @Override
    public void failed(IOException failure, long nanos) {
        try {
            breaker.onError(nanos, TimeUnit.NANOSECONDS, failure);
        } catch (RuntimeException predicate) {
            // Asked before anything is counted; it may expect what another user of the registry hands over.
            breaker.releasePermission();
            throw predicate;
        }
    }

    @Override
    public void released() {
        breaker.releasePermission();
    }

    @Override
    public String toString() {
        return breaker.toString();
    }
}
