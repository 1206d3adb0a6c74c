package io.inmesh.telemetry.metrics;

import io.inmesh.endpoint.Endpoint;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** A service that is called, with its workloads as far as they have answered. Thread-safe. */
final class IstioService {
    /** How many endpoints are remembered before all are forgotten, since pods come and go. */
    private static final int ENDPOINTS = 4096;

    private final String host;
    private final String name;
    private final String namespace;
    private final boolean inCluster;
    private final BiFunction<IstioService, Workload, IstioEdge> edges;
    private final IstioEdge toNobody;
    private final ConcurrentMap<Workload, IstioEdge> byWorkload = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Known> byEndpoint = new ConcurrentHashMap<>();

    /** What an endpoint is, by its labels of that time. */
    private record Known(Map<String, String> labels, IstioEdge edge) {}

    /**
     * Makes a service.
     *
     * @param inCluster whether its name is the cluster's own
     * @param edges makes what leads to one workload
     */
    IstioService(
            String host,
            String name,
            String namespace,
            boolean inCluster,
            BiFunction<IstioService, Workload, IstioEdge> edges) {
        this.host = host;
        this.name = name;
        this.namespace = namespace;
        this.inCluster = inCluster;
        this.edges = edges;
        this.toNobody = edges.apply(this, Workload.NOT_KNOWN);
    }

    boolean isInCluster() {
        return inCluster;
    }

    /** What leads to an endpoint; null for no endpoint. */
    IstioEdge to(@Nullable Endpoint endpoint) {
        if (endpoint == null) {
            return toNobody;
        }
        Known known = byEndpoint.get(endpoint.id());
        return known != null && known.labels() == endpoint.labels() ? known.edge() : add(endpoint);
    }

    private IstioEdge add(Endpoint endpoint) {
        Workload workload = Workload.of(endpoint.labels());
        IstioEdge edge = workload.equals(Workload.NOT_KNOWN)
                ? toNobody
                : byWorkload.computeIfAbsent(workload, it -> edges.apply(this, it));
        if (byEndpoint.size() >= ENDPOINTS) {
            byEndpoint.clear();
        }
        byEndpoint.put(endpoint.id(), new Known(endpoint.labels(), edge));
        return edge;
    }

    /** Labels of the service and of one of its workloads. */
    Tags labels(Workload workload) {
        return IstioLabels.destination(workload, workload.equals(Workload.NOT_KNOWN) ? Workload.UNKNOWN : namespace)
                .and(
                        "destination_service", host,
                        "destination_service_name", name,
                        "destination_service_namespace", namespace);
    }
}
