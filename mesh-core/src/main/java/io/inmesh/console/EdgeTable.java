package io.inmesh.console;

import io.inmesh.console.ServiceCalls.EndpointCalls;
import io.inmesh.console.Window.Count;
import io.inmesh.console.Window.Sums;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The hosts that this process has called in the last minute, with the versions that its calls went to. */
final class EdgeTable {
    private EdgeTable() {}

    private static final class Edge {
        private final Names to;
        private final ServiceCalls.Kind kind;
        private final Sums sums = new Sums();
        private final Map<String, Sums> versions = new TreeMap<>();

        Edge(Names to, ServiceCalls.Kind kind) {
            this.to = to;
            this.kind = kind;
        }
    }

    static List<Map<String, @Nullable Object>> document(CallStatistics statistics, String clusterDomain) {
        Map<String, Edge> edges = new TreeMap<>();
        long now = statistics.sinceStartNanos();
        for (ServiceCalls calls : statistics.all()) {
            Names to = Names.ofHost(calls.host, clusterDomain);
            Edge edge = edges.computeIfAbsent(to.id(), made -> new Edge(to, calls.kind));
            calls.window.addTo(edge.sums, now);
            for (EndpointCalls endpoint : calls.endpoints.values()) {
                endpoint.window.addTo(edge.versions.computeIfAbsent(endpoint.version(), made -> new Sums()), now);
            }
        }
        double seconds = statistics.seconds();
        List<Map<String, @Nullable Object>> documents = new ArrayList<>();
        for (Edge edge : edges.values()) {
            if (edge.sums.calls() > 0) {
                documents.add(document(edge, seconds));
            }
        }
        return documents;
    }

    private static Map<String, @Nullable Object> document(Edge edge, double seconds) {
        Map<String, @Nullable Object> to = edge.to.document();
        to.put("kind", edge.kind.name().toLowerCase(Locale.ROOT));
        List<Map<String, @Nullable Object>> versions = new ArrayList<>();
        edge.versions.forEach((version, sums) -> {
            if (sums.calls() > 0) {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                map.put("version", version);
                Figures.put(map, sums, seconds);
                versions.add(map);
            }
        });
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("to", to);
        Figures.put(map, edge.sums, seconds);
        map.put("retries", edge.sums.of(Count.RETRIES));
        map.put("versions", versions);
        return map;
    }
}
