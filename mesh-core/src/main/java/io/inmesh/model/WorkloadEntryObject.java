package io.inmesh.model;

import java.util.HashMap;
import java.util.Map;

/**
 * A WorkloadEntry that stands by itself: an endpoint for every ServiceEntry of its namespace whose {@code
 * workloadSelector} takes its labels.
 *
 * @param entry as it was written
 */
public record WorkloadEntryObject(ObjectMeta meta, WorkloadEntry entry) implements ConfigObject {
    @Override
    public String kind() {
        return "WorkloadEntry";
    }

    /** Labels that selectors look at: those of the entry and of its metadata, whose word is the last (Istio). */
    public Map<String, String> labels() {
        Map<String, String> labels = new HashMap<>(entry.labels());
        labels.putAll(meta.labels());
        return Map.copyOf(labels);
    }
}
