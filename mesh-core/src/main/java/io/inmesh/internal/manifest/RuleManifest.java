package io.inmesh.internal.manifest;

import io.inmesh.model.ObjectMeta;
import java.util.List;
import java.util.Map;

/**
 * The names in a rule object, read even where the rule itself is refused: so that nothing of it is called missing.
 *
 * @param kind such as {@code DestinationRule}
 * @param hosts as written: those of a VirtualService, ServiceEntry or of a Gateway's servers, or the one of a
 *     DestinationRule
 * @param subsets names of a DestinationRule's subsets
 * @param ports of a ServiceEntry or of a Gateway's servers
 * @param labels of a WorkloadEntry
 * @param destinations of the HTTP routes of a VirtualService; the places of their fields are among the meta's
 */
public record RuleManifest(
        String kind,
        ObjectMeta meta,
        List<String> hosts,
        List<String> subsets,
        List<Integer> ports,
        Map<String, String> labels,
        List<Destination> destinations) {
    public RuleManifest {
        hosts = List.copyOf(hosts);
        subsets = List.copyOf(subsets);
        ports = List.copyOf(ports);
        labels = Map.copyOf(labels);
        destinations = List.copyOf(destinations);
    }

    /**
     * Where a route or mirror leads.
     *
     * @param path such as {@code spec.http[0].route[0].destination}
     * @param host as written
     * @param subset empty for none
     * @param port 0 for none
     */
    public record Destination(String path, String host, String subset, int port) {}
}
