package io.inmesh.telemetry.trace;

import io.micrometer.core.instrument.observation.MeterObservationHandler;
import io.micrometer.observation.Observation;

/**
 * Takes the observations of attempts and calls, and makes no meters of them: {@code mesh.client.attempts} and {@code
 * mesh.client.requests} count them already. To be the first of the meter handlers of a registry where the first that
 * supports a context gets it, as in Spring Boot; a {@link
 * io.micrometer.observation.ObservationHandler.FirstMatchingCompositeObservationHandler} elsewhere. Needs micrometer-core.
 */
public final class NoMeters implements MeterObservationHandler<Observation.Context> {
    /** Makes the handler. */
    public NoMeters() {}

    @Override
    public boolean supportsContext(Observation.Context context) {
        return context instanceof AttemptContext || context instanceof CallContext;
    }
}
