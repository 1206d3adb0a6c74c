package io.inmesh.kubernetes.internal.map;

import io.inmesh.endpoint.Locality;
import io.inmesh.kubernetes.internal.resource.Node;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where endpoints stand. Used for one mapping. */
final class Localities {
    /** Istio's label with which a workload says itself where it stands; dots where a label cannot have slashes. */
    private static final String OWN_WORD = "istio-locality";

    private final @Nullable Map<String, Locality> nodes;
    private final Map<String, Locality> zones = new HashMap<>();

    Localities(@Nullable Map<String, Locality> nodes) {
        this.nodes = nodes;
    }

    /**
     * By the workload's own word, else its node, else what else is known of its zone. As in Istio, something without a
     * node stands nowhere where nodes are known: its zone could be of any region.
     */
    Locality of(Map<String, String> labels, String nodeName, String zone) {
        String own = labels.getOrDefault(OWN_WORD, "");
        if (!own.isEmpty()) {
            return Locality.parse(own.indexOf('/') >= 0 ? own : own.replace('.', '/'));
        }
        if (nodes != null) {
            Locality node = nodeName.isEmpty() ? Locality.UNKNOWN : nodes.get(nodeName);
            if (node != null) {
                return node;
            }
        }
        String region = labels.getOrDefault(Node.REGION, "");
        if (!region.isEmpty()) {
            return new Locality(region, labels.getOrDefault(Node.ZONE, zone), "");
        }
        return zone.isEmpty() ? Locality.UNKNOWN : zones.computeIfAbsent(zone, name -> new Locality("", name, ""));
    }
}
