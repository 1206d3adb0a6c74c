package io.inmesh.telemetry.metrics;

import io.inmesh.event.ResponseFlag;
import io.micrometer.core.instrument.Tags;
import org.jspecify.annotations.Nullable;

/** What leads from one workload to another, or to a service of which no more is known. Thread-safe. */
final class IstioEdge {
    private final CodeTable<IstioSeries> http;
    private final CodeTable<IstioSeries> grpc;

    /**
     * Makes an edge.
     *
     * @param labels all that do not depend on the request
     */
    IstioEdge(OwnMeters own, Tags labels) {
        // Where gRPC keeps its status, in trailers, nobody looks.
        this.http = IstioSeries.byCode(own, labels.and("request_protocol", "http", "grpc_response_status", ""));
        this.grpc = IstioSeries.byCode(own, labels.and("request_protocol", "grpc", "grpc_response_status", ""));
    }

    IstioSeries series(boolean isGrpc, int status, @Nullable ResponseFlag flag) {
        return (isGrpc ? grpc : http).get(status, flag);
    }
}
