package io.inmesh.kubernetes.internal.resource;

import java.util.Map;

/**
 * An Istio WorkloadEntry as a custom resource. Texts that the server did not send are empty.
 *
 * @param metadata without labels: they are among {@code labels}
 * @param ports number by port name
 * @param labels of object and spec together; the object's win, as in Istio
 * @param locality {@code region/zone/subzone}
 * @param weight 0 when not said
 * @param healthy false for one that is health-checked and not known to be healthy
 */
public record WorkloadEntry(
        Metadata metadata,
        String address,
        Map<String, Integer> ports,
        Map<String, String> labels,
        String locality,
        int weight,
        boolean healthy)
        implements KubernetesObject {
    public WorkloadEntry {
        ports = Map.copyOf(ports);
        labels = Map.copyOf(labels);
    }
}
