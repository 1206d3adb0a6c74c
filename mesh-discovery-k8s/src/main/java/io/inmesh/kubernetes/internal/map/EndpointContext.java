package io.inmesh.kubernetes.internal.map;

import io.inmesh.endpoint.Locality;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.kubernetes.internal.resource.KubernetesObject;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import io.inmesh.kubernetes.internal.resource.Pod;
import io.inmesh.kubernetes.internal.resource.WorkloadEntry;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the endpoints of a service depend on besides its own objects. The maps and the collection are read, not copied.
 *
 * @param self who is calling
 * @param pods whose labels are wanted; null when no rule needs labels
 * @param places pods that tell where an endpoint is whose slice names no node; null when each slice names them
 * @param nodes where each node stands, by name; null when Nodes are not read
 * @param workloadEntries of the service's namespace; others are passed over
 */
public record EndpointContext(
        WorkloadIdentity self,
        @Nullable Map<ObjectKey, ? extends KubernetesObject> pods,
        @Nullable Map<ObjectKey, Pod> places,
        @Nullable Map<String, Locality> nodes,
        Collection<WorkloadEntry> workloadEntries) {
    /** Nothing but the caller. */
    public static EndpointContext of(WorkloadIdentity self) {
        return new EndpointContext(self, null, null, null, List.of());
    }
}
