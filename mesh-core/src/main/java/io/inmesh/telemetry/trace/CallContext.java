package io.inmesh.telemetry.trace;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationView;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * A call with all its attempts, as the handlers of observations see it. Holds its parent weakly: the observation of an HTTP
 * client leads to the response, and nothing that lives until the response is closed may do so, or nobody would notice that it
 * was dropped. The parent is there while the call starts, and as long as anybody else holds it.
 */
public final class CallContext extends Observation.Context {
    private WeakReference<@Nullable ObservationView> parent = new WeakReference<>(null);

    CallContext() {}

    @Override
    public @Nullable ObservationView getParentObservation() {
        return parent.get();
    }

    @Override
    public void setParentObservation(@Nullable ObservationView newParent) {
        parent = new WeakReference<>(newParent);
    }
}
