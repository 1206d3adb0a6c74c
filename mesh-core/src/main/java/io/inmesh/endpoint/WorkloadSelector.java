package io.inmesh.endpoint;

import java.util.Map;

/**
 * Workloads of one namespace that carry all of these labels.
 *
 * @param labels not empty
 */
public record WorkloadSelector(String namespace, Map<String, String> labels) {
    public WorkloadSelector {
        labels = Map.copyOf(labels);
    }
}
