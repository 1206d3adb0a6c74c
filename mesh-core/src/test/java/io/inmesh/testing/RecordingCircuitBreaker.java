package io.inmesh.testing;

import io.inmesh.call.CircuitBreaker;
import io.inmesh.call.CircuitBreakers;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A circuit breaker that is open when told, under whatever name, and keeps what it is told, in words. Thread-safe. */
public final class RecordingCircuitBreaker implements CircuitBreaker, CircuitBreakers {
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final List<IOException> failures = new CopyOnWriteArrayList<>();
    private volatile boolean open;
    private volatile @Nullable String doubt;

    /** Lets no call pass from here on, or every one. */
    public void open(boolean nowOpen) {
        open = nowOpen;
    }

    /** What it says of names from here on. */
    public void doubts(@Nullable String newDoubt) {
        doubt = newDoubt;
    }

    /** {@code asked}, {@code answered 200 in 5ms}, {@code failed in 5ms}, {@code released}. */
    public List<String> told() {
        return told;
    }

    /** What calls failed with. */
    public List<IOException> failures() {
        return failures;
    }

    @Override
    public CircuitBreaker named(String name) {
        return this;
    }

    @Override
    public @Nullable String doubt(String name) {
        return doubt;
    }

    @Override
    public String state() {
        return open ? "OPEN" : "CLOSED";
    }

    @Override
    public boolean tryAcquire() {
        told.add("asked");
        return !open;
    }

    @Override
    public void answered(int status, long nanos) {
        told.add("answered " + status + " in " + Duration.ofNanos(nanos).toMillis() + "ms");
    }

    @Override
    public void failed(IOException failure, long nanos) {
        failures.add(failure);
        told.add("failed in " + Duration.ofNanos(nanos).toMillis() + "ms");
    }

    @Override
    public void released() {
        told.add("released");
    }
}
