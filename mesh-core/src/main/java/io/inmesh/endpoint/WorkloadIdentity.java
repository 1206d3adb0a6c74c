package io.inmesh.endpoint;

import java.util.Map;

/**
 * Who is calling: the workload that InMesh runs in. Rules with {@code sourceLabels}, {@code sourceNamespace},
 * {@code exportTo} and short host names depend on it.
 *
 * @param namespace never empty
 * @param labels of the pod
 * @param locality of the node, {@link Locality#UNKNOWN} when not told
 * @param node name of the node, empty when not told
 * @param clusterDomain suffix of short names, {@code cluster.local} unless the cluster has another
 */
public record WorkloadIdentity(
        String namespace, Map<String, String> labels, Locality locality, String node, String clusterDomain) {
    /** Namespace {@code default}, nothing else known. */
    public static final WorkloadIdentity DEFAULT =
            new WorkloadIdentity("default", Map.of(), Locality.UNKNOWN, "", "cluster.local");

    public WorkloadIdentity {
        labels = Map.copyOf(labels);
    }

    /** The same workload in another namespace and with other labels. */
    public WorkloadIdentity with(String newNamespace, Map<String, String> newLabels) {
        return new WorkloadIdentity(newNamespace, newLabels, locality, node, clusterDomain);
    }
}
