package io.inmesh.telemetry.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Meters that were made, so that they can be taken out of the registry again. Thread-safe. */
final class OwnMeters implements AutoCloseable {
    private final MeterRegistry registry;
    private final Set<Meter> made = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    OwnMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    MeterRegistry registry() {
        return registry;
    }

    boolean isClosed() {
        return closed;
    }

    <M extends Meter> M add(M meter) {
        made.add(meter);
        return meter;
    }

    void remove(Meter meter) {
        made.remove(meter);
        registry.remove(meter);
    }

    /** Takes all of them out. What is under way may make another, which stays. Idempotent. */
    @Override
    public void close() {
        closed = true;
        made.forEach(this::remove);
    }
}
