package io.inmesh.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint of a ServiceEntry (Istio: WorkloadEntry).
 *
 * @param address IP address, or a DNS name with resolution DNS
 * @param ports by port name of the service; overrides targetPort and number
 * @param locality {@code region/zone/subzone}, null when not given
 * @param weight 0 when not given: 1
 */
public record WorkloadEntry(
        String address,
        Map<String, Integer> ports,
        Map<String, String> labels,
        @Nullable String network,
        @Nullable String locality,
        int weight,
        @Nullable String serviceAccount,
        Origin origin) {
    /** Copies the maps. */
    public WorkloadEntry {
        ports = Map.copyOf(ports);
        labels = Map.copyOf(labels);
    }
}
