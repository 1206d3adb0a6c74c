package io.inmesh.telemetry.metrics;

import io.inmesh.call.RequestHead;
import io.micrometer.core.instrument.Tags;

/** Labels of Istio's metrics (Istio: reference/config/metrics), all of which every series has. */
final class IstioLabels {
    private static final String CONTENT_TYPE = "content-type";
    private static final String GRPC = "application/grpc";

    private IstioLabels() {}

    static Tags source(Workload workload, String namespace) {
        return Tags.of(
                "source_workload", workload.name(),
                "source_workload_namespace", namespace,
                "source_principal", Workload.UNKNOWN,
                "source_app", workload.app(),
                "source_version", workload.version(),
                "source_canonical_service", workload.canonicalService(),
                "source_canonical_revision", workload.canonicalRevision(),
                "source_cluster", Workload.UNKNOWN);
    }

    static Tags destination(Workload workload, String namespace) {
        return Tags.of(
                "destination_workload", workload.name(),
                "destination_workload_namespace", namespace,
                "destination_principal", Workload.UNKNOWN,
                "destination_app", workload.app(),
                "destination_version", workload.version(),
                "destination_canonical_service", workload.canonicalService(),
                "destination_canonical_revision", workload.canonicalRevision(),
                "destination_cluster", Workload.UNKNOWN);
    }

    /** Whether a request is one of gRPC. */
    static boolean isGrpc(RequestHead head) {
        for (int i = 0; i < head.headerCount(); i++) {
            if (head.headerName(i).equalsIgnoreCase(CONTENT_TYPE)) {
                return head.headerValue(i).regionMatches(true, 0, GRPC, 0, GRPC.length());
            }
        }
        return false;
    }
}
