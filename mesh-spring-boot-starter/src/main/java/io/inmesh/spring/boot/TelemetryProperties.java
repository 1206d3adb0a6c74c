package io.inmesh.spring.boot;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Everything under {@code mesh.telemetry.}. Binding only.
 *
 * @param metrics Whether the mesh counts and times its calls in the application's meter registry.
 * @param istioMetrics Whether Istio's standard metrics, such as 'istio_requests_total', are there beside the mesh's own, for
 *     Kiali and for dashboards that are made for Istio.
 * @param istioPeers Whether Istio's metrics name the callers of requests that come in by what they tell of themselves in the header
 *     'x-envoy-peer-metadata', which anybody can send, and whether calls to services of the cluster tell it.
 * @param spans What makes a span of each attempt: 'auto' takes the first of the others that the application has.
 * @param accessLogFormat How the logger 'mesh.access' writes a call; it is switched on at level DEBUG.
 */
public record TelemetryProperties(
        @DefaultValue("true") boolean metrics,
        @DefaultValue("false") boolean istioMetrics,
        @DefaultValue("false") boolean istioPeers,
        @DefaultValue("auto") Spans spans,
        @DefaultValue("text") AccessLogFormat accessLogFormat) {
    /** What makes spans. */
    public enum Spans {
        /** Observations where the application has an ObservationRegistry, else OpenTelemetry where that is set up, else nothing. */
        AUTO,
        /** Micrometer's observations. */
        OBSERVATION,
        /** OpenTelemetry's API. */
        OTEL,
        /** Nothing. */
        NONE
    }

    /** How a call is written. */
    public enum AccessLogFormat {
        /** A line in the order of Istio's default. */
        TEXT,
        /** An object with the names of Istio's default. */
        JSON
    }
}
