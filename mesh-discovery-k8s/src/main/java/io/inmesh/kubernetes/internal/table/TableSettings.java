package io.inmesh.kubernetes.internal.table;

import io.inmesh.endpoint.WorkloadIdentity;
import java.util.List;

/**
 * What a table is to hold.
 *
 * @param namespaces empty for all
 * @param all whether all services are watched, not only those that are asked for
 * @param nodes whether Nodes are read for region and subzone
 */
public record TableSettings(
        WorkloadIdentity self, List<String> namespaces, boolean all, EndpointMode endpoints, boolean nodes) {
    public TableSettings {
        namespaces = List.copyOf(namespaces);
    }

    /** Which resource endpoints are read from. */
    public enum EndpointMode {
        /** EndpointSlices. */
        SLICES,
        /** v1 Endpoints. */
        ENDPOINTS,
        /** EndpointSlices, or v1 Endpoints where those are refused. */
        SLICES_OR_ENDPOINTS
    }
}
