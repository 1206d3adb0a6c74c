package io.inmesh.samples.bookinfo.web;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationPredicate;
import org.springframework.http.server.observation.ServerRequestObservationContext;

/** Leaves requests to Actuator out of traces and metrics: Prometheus asks every few seconds. */
public final class ActuatorUnobserved implements ObservationPredicate {
    @Override
    public boolean test(String name, Observation.Context context) {
        return !(context instanceof ServerRequestObservationContext request)
                || request.getCarrier() == null
                || !request.getCarrier().getRequestURI().startsWith("/actuator/");
    }
}
