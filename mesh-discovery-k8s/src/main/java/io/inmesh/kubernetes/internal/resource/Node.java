package io.inmesh.kubernetes.internal.resource;

import io.inmesh.endpoint.Locality;
import java.util.Map;

/**
 * A v1 Node.
 *
 * @param metadata with the labels that say where it stands
 */
public record Node(Metadata metadata) implements KubernetesObject {
    /** Label of the region, on Nodes and (from Kubernetes 1.35) on Pods. */
    public static final String REGION = "topology.kubernetes.io/region";

    /** Label of the zone, on Nodes and (from Kubernetes 1.35) on Pods. */
    public static final String ZONE = "topology.kubernetes.io/zone";

    /** Istio's label of the subzone, on Nodes. */
    public static final String SUBZONE = "topology.istio.io/subzone";

    private static final String OLD_REGION = "failure-domain.beta.kubernetes.io/region";
    private static final String OLD_ZONE = "failure-domain.beta.kubernetes.io/zone";

    /** Where it stands, as Istio reads it. */
    public Locality locality() {
        Map<String, String> labels = metadata.labels();
        return new Locality(
                labels.getOrDefault(REGION, labels.getOrDefault(OLD_REGION, "")),
                labels.getOrDefault(ZONE, labels.getOrDefault(OLD_ZONE, "")),
                labels.getOrDefault(SUBZONE, ""));
    }

    static boolean keepsLabel(String name) {
        return switch (name) {
            case REGION, ZONE, SUBZONE, OLD_REGION, OLD_ZONE -> true;
            default -> false;
        };
    }
}
