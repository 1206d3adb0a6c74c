package io.inmesh.internal.manifest;

import io.inmesh.model.ObjectMeta;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An object of Istio's or of the Gateway API's that is known by name only, such as a Sidecar, a PeerAuthentication or a
 * Gateway of the Gateway API.
 *
 * @param group such as {@code security.istio.io}
 * @param selector labels of the workloads that it is for, at {@code spec.selector.matchLabels} or {@code
 *     spec.workloadSelector.labels}, with their place among the meta's fields; null for none
 */
public record NamedManifest(
        String group,
        String kind,
        ObjectMeta meta,
        @Nullable Map<String, String> selector) {
    public NamedManifest {
        selector = selector == null ? null : Map.copyOf(selector);
    }
}
