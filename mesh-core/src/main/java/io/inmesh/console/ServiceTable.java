package io.inmesh.console;

import io.inmesh.Mesh;
import io.inmesh.console.Window.Count;
import io.inmesh.console.Window.Sums;
import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.explain.LimitUse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The services with their calls of the last minute. Made once for one document. */
final class ServiceTable {
    /** Shares of failures from which a service is shown as degraded and as failing (Kiali: defaults for 5xx). */
    private static final double DEGRADED = 0.001;

    private static final double FAILING = 0.2;

    private final CallStatistics statistics;
    private final String clusterDomain;
    private final double seconds;
    private final Map<String, Row> rows = new TreeMap<>();

    /** What is known of one host. */
    private static final class Row {
        private ServiceCalls.Kind kind = ServiceCalls.Kind.OUTSIDE;
        private String host = "";
        private @Nullable ServiceEndpoints service;
        private final Sums sums = new Sums();
        private long inFlight;
        private final List<Map<String, @Nullable Object>> limits = new ArrayList<>();

        /** Whether calls may go to each endpoint, by port and address. */
        private final Map<Integer, Map<String, Boolean>> endpoints = new TreeMap<>();

        private final Map<Integer, Long> callsOfPort = new HashMap<>();

        /** Those of the port that is called most. */
        private Map<String, Boolean> shown() {
            return endpoints.entrySet().stream()
                    .max(Comparator.comparing(entry -> callsOfPort.getOrDefault(entry.getKey(), 0L)))
                    .map(Map.Entry::getValue)
                    .orElse(Map.of());
        }

        private void known(int port, String hostPort, boolean used) {
            endpoints.computeIfAbsent(port, made -> new HashMap<>()).merge(hostPort, used, Boolean::logicalOr);
        }
    }

    ServiceTable(Mesh mesh, CallStatistics statistics, String clusterDomain) {
        this.statistics = statistics;
        this.clusterDomain = clusterDomain;
        seconds = statistics.seconds();
        mesh.clusters().forEach((name, endpoints) -> {
            ServiceCalls parts = ServiceCalls.ofCluster(name);
            Row row = row(ServiceCalls.Kind.SERVICE, parts.host);
            endpoints.forEach(endpoint -> row.known(parts.port, endpoint.hostPort(), endpoint.used()));
        });
        mesh.limits().forEach(this::limits);
        for (ServiceEndpoints service : mesh.services()) {
            if (service.state() != ServiceEndpoints.State.ABSENT) {
                add(service);
            }
        }
        statistics.all().forEach(this::count);
    }

    private void limits(String cluster, List<LimitUse> uses) {
        ServiceCalls parts = ServiceCalls.ofCluster(cluster);
        Row row = row(ServiceCalls.Kind.SERVICE, parts.host);
        for (LimitUse use : uses) {
            Map<String, @Nullable Object> limit = new LinkedHashMap<>();
            limit.put("port", parts.port);
            limit.put("subset", parts.subset);
            limit.putAll(LimitDocument.of(use));
            row.limits.add(limit);
        }
    }

    /** Endpoints that no rule leads to are in no cluster. */
    private void add(ServiceEndpoints service) {
        Row row = row(ServiceCalls.Kind.SERVICE, service.service().host());
        row.service = service;
        service.endpoints().forEach((port, endpoints) -> {
            Map<String, Boolean> known = Map.copyOf(row.endpoints.getOrDefault(port, Map.of()));
            for (Endpoint endpoint : endpoints) {
                if (!known.containsKey(endpoint.hostPort())) {
                    row.known(port, endpoint.hostPort(), endpoint.condition() == Condition.READY);
                }
            }
        });
    }

    private void count(ServiceCalls calls) {
        Row row = row(calls.kind, calls.host);
        long before = row.sums.calls();
        calls.window.addTo(row.sums, statistics.sinceStartNanos());
        row.inFlight += calls.inFlight();
        row.callsOfPort.merge(calls.port, row.sums.calls() - before, Long::sum);
    }

    private Row row(ServiceCalls.Kind kind, String host) {
        return rows.computeIfAbsent(key(kind, host), made -> {
            Row row = new Row();
            row.kind = kind;
            row.host = host;
            return row;
        });
    }

    private static String key(ServiceCalls.Kind kind, String host) {
        return kind.ordinal() + host;
    }

    /** One document a host, services first. */
    List<Map<String, @Nullable Object>> document() {
        List<Map<String, @Nullable Object>> documents = new ArrayList<>();
        for (Row row : rows.values()) {
            Map<String, Boolean> endpoints = row.shown();
            long healthy = endpoints.values().stream().filter(used -> used).count();
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            map.put("service", row.host);
            map.putAll(Names.ofHost(row.host, clusterDomain).document());
            map.put("kind", row.kind.name().toLowerCase(Locale.ROOT));
            State state = state(row, healthy, endpoints.size());
            map.put("state", state.name);
            map.put("reason", state.reason);
            Figures.put(map, row.sums, seconds);
            map.put("retries", row.sums.of(Count.RETRIES));
            map.put("overflows", row.sums.of(Count.OVERFLOWS));
            map.put("inFlight", row.inFlight);
            map.put("limits", row.limits);
            map.put("healthy", healthy);
            map.put("total", endpoints.size());
            Figures.putSeries(map, row.sums);
            documents.add(map);
        }
        return documents;
    }

    private record State(String name, String reason) {}

    private static State state(Row row, long healthy, int total) {
        ServiceEndpoints service = row.service;
        boolean balanced = service != null && service.state() == ServiceEndpoints.State.ENDPOINTS;
        if (balanced && healthy == 0) {
            return new State("down", total == 0 ? "no endpoints" : "no endpoint can be used");
        }
        double failures = 1 - row.sums.success();
        long failed = row.sums.of(Count.FAILED);
        if (failed > 0 && failures >= FAILING) {
            return new State("failing", failed + " of " + row.sums.calls() + " calls failed");
        }
        if (failed > 0 && failures >= DEGRADED) {
            return new State("degraded", failed + " of " + row.sums.calls() + " calls failed");
        }
        if (balanced && healthy < total) {
            return new State("degraded", total - healthy + " of " + total + " endpoints are not used");
        }
        return row.sums.calls() == 0 && row.inFlight == 0
                ? new State("idle", "no calls in the last minute")
                : new State("ok", "");
    }
}
