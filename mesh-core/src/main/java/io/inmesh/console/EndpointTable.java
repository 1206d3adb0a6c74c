package io.inmesh.console;

import io.inmesh.Mesh;
import io.inmesh.console.ServiceCalls.EndpointCalls;
import io.inmesh.console.Window.Sums;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.event.Ejection;
import io.inmesh.explain.EndpointState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The endpoints of all services, each once for a port, with how balancers see it and what was sent to it. */
final class EndpointTable {
    private final CallStatistics statistics;
    private final String clusterDomain;
    private final Map<Place, Row> rows = new TreeMap<>();
    private final Map<Place, Sums> sums = new HashMap<>();
    private final Map<Place, String> localities = new HashMap<>();

    private record Place(String host, int port, String hostPort) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byHost = host.compareTo(other.host);
            int byPort = byHost == 0 ? Integer.compare(port, other.port) : byHost;
            return byPort == 0 ? hostPort.compareTo(other.hostPort) : byPort;
        }
    }

    private static final class Row {
        private final EndpointState first;
        private boolean used;
        private final TreeSet<String> subsets = new TreeSet<>();
        private final List<Ejection> ejections = new ArrayList<>();

        /** That of a cluster that has ejected it, rather than of one that has not. */
        private String state;

        Row(EndpointState first) {
            this.first = first;
            this.state = first.state();
        }
    }

    EndpointTable(Mesh mesh, CallStatistics statistics, String clusterDomain) {
        this.statistics = statistics;
        this.clusterDomain = clusterDomain;
        mesh.clusters().forEach(this::add);
        mesh.services().forEach(this::add);
        for (ServiceCalls calls : statistics.all()) {
            for (EndpointCalls endpoint : calls.endpoints.values()) {
                Place place = new Place(calls.host, calls.port, endpoint.endpoint.hostPort());
                endpoint.window.addTo(sums.computeIfAbsent(place, made -> new Sums()), statistics.sinceStartNanos());
            }
        }
    }

    private void add(String cluster, List<EndpointState> endpoints) {
        ServiceCalls parts = ServiceCalls.ofCluster(cluster);
        for (EndpointState endpoint : endpoints) {
            Place place = new Place(parts.host, parts.port, endpoint.hostPort());
            Row row = rows.computeIfAbsent(place, made -> new Row(endpoint));
            row.used |= endpoint.used();
            if (endpoint.ejection() != null) {
                row.state = row.ejections.isEmpty() ? endpoint.state() : row.state;
                row.ejections.add(endpoint.ejection());
            }
            if (!parts.subset.isEmpty()) {
                row.subsets.add(parts.subset);
            }
        }
    }

    /** What no cluster has is an endpoint that no rule leads to. */
    private void add(ServiceEndpoints service) {
        service.endpoints().forEach((port, endpoints) -> {
            for (Endpoint endpoint : endpoints) {
                Place place = new Place(service.service().host(), port, endpoint.hostPort());
                localities.put(place, endpoint.locality().toString());
                rows.computeIfAbsent(
                        place,
                        made -> new Row(EndpointState.builder(endpoint.hostPort(), unrouted(endpoint), false)
                                .weight(endpoint.weight())
                                .labels(endpoint.labels())
                                .build()));
            }
        });
    }

    private static String unrouted(Endpoint endpoint) {
        String condition = endpoint.condition().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return condition + ", no rule leads to it";
    }

    List<Map<String, @Nullable Object>> document() {
        double seconds = statistics.seconds();
        List<Map<String, @Nullable Object>> documents = new ArrayList<>();
        rows.forEach((place, row) -> {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            map.put("service", place.host);
            map.putAll(Names.ofHost(place.host, clusterDomain).document());
            map.put("port", place.port);
            map.put("address", place.hostPort);
            map.put("version", row.first.labels().getOrDefault("version", ""));
            map.put("subsets", row.subsets);
            map.put("locality", localities.getOrDefault(place, ""));
            map.put("labels", new TreeMap<>(row.first.labels()));
            map.put("used", row.used);
            map.put("state", row.state);
            map.put(
                    "ejections",
                    row.ejections.stream().map(EjectionDocument::of).toList());
            map.put("weight", row.first.weight());
            map.put("inFlight", row.first.activeRequests());
            Figures.put(map, sums.getOrDefault(place, new Sums()), seconds);
            documents.add(map);
        });
        return documents;
    }
}
