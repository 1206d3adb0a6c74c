package io.inmesh.internal.manifest;

import io.inmesh.model.ObjectMeta;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What makes pods, or a pod itself, as a file has it. The place of the pods' labels is among the meta's fields, as {@code
 * spec.template.metadata.labels} or {@code metadata.labels}.
 *
 * @param kind {@code Deployment}, {@code Pod} and so on
 * @param podLabels labels of the pods
 * @param ports of all containers
 * @param serviceAccount of the pods; {@code default} where none is written
 * @param replicas as written; null for none
 */
public record WorkloadManifest(
        String kind,
        ObjectMeta meta,
        Map<String, String> podLabels,
        List<Port> ports,
        String serviceAccount,
        @Nullable Integer replicas) {
    public WorkloadManifest {
        podLabels = Map.copyOf(podLabels);
        ports = List.copyOf(ports);
    }

    /**
     * A container's port.
     *
     * @param name empty for none
     */
    public record Port(int number, String name) {}

    /** Whether the pods have all of some labels. */
    public boolean has(Map<String, String> labels) {
        return podLabels.entrySet().containsAll(labels.entrySet());
    }

    /** {@code Deployment shop/cart-v1}. */
    @Override
    public String toString() {
        return kind + " " + meta.qualifiedName();
    }
}
