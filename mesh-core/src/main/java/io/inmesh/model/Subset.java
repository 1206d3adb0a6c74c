package io.inmesh.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Named part of a destination's endpoints.
 *
 * @param labels all must be on the endpoint; empty selects every endpoint
 * @param trafficPolicy overrides the rule's block by block; null when not given
 */
public record Subset(
        String name, Map<String, String> labels, @Nullable TrafficPolicy trafficPolicy, Origin origin) {
    public Subset {
        labels = Map.copyOf(labels);
    }
}
