package io.inmesh.telemetry.trace;

import io.micrometer.observation.Observation;

/** A call with all its attempts, as the handlers of observations see it. */
public final class CallContext extends Observation.Context {
    CallContext() {}
}
