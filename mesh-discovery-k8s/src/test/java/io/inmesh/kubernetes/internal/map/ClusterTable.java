package io.inmesh.kubernetes.internal.map;

import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.Locality;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.endpoint.Workload;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.endpoint.WorkloadSelector;
import io.inmesh.kubernetes.internal.map.RecordedStep.RecordedCluster;
import io.inmesh.kubernetes.internal.resource.Service;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.ServiceEntry;
import io.inmesh.model.Subset;
import io.inmesh.model.WorkloadEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The clusters that InMesh makes of one recorded step, written as the recording writes them. */
public final class ClusterTable {
    /** Whom istiod was telling. */
    public static final WorkloadIdentity CLIENT = new WorkloadIdentity(
            "default", Map.of("app", "client"), new Locality("r1", "z1", "s1"), "node-a", "cluster.local");

    static final Map<String, Locality> NODES = Map.of(
            "node-a", new Locality("r1", "z1", "s1"),
            "node-b", new Locality("r1", "z2", ""),
            "node-c", new Locality("r2", "z1", ""));

    private final RecordedStep step;
    private final Discovery discovery;
    private final Map<String, RecordedCluster> clusters = new TreeMap<>();

    private ClusterTable(RecordedStep step, Discovery discovery) {
        this.step = step;
        this.discovery = discovery;
    }

    /** Where endpoints come from: recorded objects, or a source that watches a server. */
    public interface Discovery {
        /** A service's state. */
        ServiceEndpoints endpoints(Service service);

        /** What a ServiceEntry's selector takes. */
        List<Workload> workloads(WorkloadSelector selector);
    }

    /** The clusters of these services, and of the step's ServiceEntries. */
    public static Map<String, RecordedCluster> of(RecordedStep step, List<Service> services, Discovery discovery) {
        ClusterTable table = new ClusterTable(step, discovery);
        services.forEach(table::add);
        step.serviceEntries().forEach(table::add);
        return table.clusters;
    }

    static Discovery recorded(RecordedStep step, boolean fromSlices) {
        EndpointContext around = new EndpointContext(CLIENT, step.podsByKey(), null, NODES, step.workloadEntries());
        return new Discovery() {
            @Override
            public ServiceEndpoints endpoints(Service service) {
                return fromSlices
                        ? ServiceMapper.map(service, step.slices(), around)
                        : ServiceMapper.map(service, step.endpointsOf(service), around);
            }

            @Override
            public List<Workload> workloads(WorkloadSelector selector) {
                return WorkloadMapper.map(selector, step.pods(), NODES, step.workloadEntries());
            }
        };
    }

    static String row(String address, int port, String locality, int weight, String health) {
        return address + ":" + port + " at " + locality + " weight " + weight + " " + health;
    }

    private void add(Service service) {
        ServiceEndpoints mapped = discovery.endpoints(service);
        if (mapped.state() != ServiceEndpoints.State.ENDPOINTS || !isVisible(mapped.exportTo())) {
            return;
        }
        for (ServicePort port : mapped.ports()) {
            List<Endpoint> endpoints = mapped.endpoints().getOrDefault(port.number(), List.of());
            add(mapped.service().host(), service.key().namespace(), port.number(), "EDS", port.protocol(), endpoints);
        }
    }

    private void add(ServiceEntry entry) {
        if (!isVisible(entry.exportTo().stream()
                .map(target -> target.equals(".") ? entry.meta().namespace() : target)
                .filter(target -> !target.equals("*"))
                .toList())) {
            return;
        }
        for (String host : entry.hosts()) {
            for (ServiceEntry.Port port : entry.ports()) {
                add(
                        host,
                        entry.meta().namespace(),
                        port.number(),
                        type(entry.resolution()),
                        port.protocol(),
                        endpoints(entry, port));
            }
        }
    }

    private static String type(ServiceEntry.Resolution resolution) {
        return switch (resolution) {
            case STATIC -> "EDS";
            case NONE -> "ORIGINAL_DST";
            case DNS -> "STRICT_DNS";
            case DNS_ROUND_ROBIN -> "LOGICAL_DNS";
            default -> resolution.name();
        };
    }

    private List<Endpoint> endpoints(ServiceEntry entry, ServiceEntry.Port port) {
        List<Endpoint> endpoints = new ArrayList<>();
        int target = port.targetPort() > 0 ? port.targetPort() : port.number();
        for (WorkloadEntry one : entry.endpoints()) {
            String locality = one.locality();
            endpoints.add(new Endpoint(
                    "",
                    one.address(),
                    one.ports().getOrDefault(port.name(), target),
                    locality == null ? Locality.UNKNOWN : Locality.parse(locality),
                    Math.max(1, one.weight()),
                    one.labels(),
                    Condition.READY));
        }
        Map<String, String> selector = entry.workloadSelector();
        if (selector != null) {
            WorkloadSelector wanted = new WorkloadSelector(entry.meta().namespace(), selector);
            for (Workload one : discovery.workloads(wanted)) {
                endpoints.add(new Endpoint(
                        one.id(),
                        one.address(),
                        one.ports().getOrDefault(port.name(), target),
                        one.locality(),
                        Math.max(1, one.weight()),
                        one.labels(),
                        one.condition()));
            }
        }
        return endpoints;
    }

    private void add(String host, String namespace, int port, String type, String protocol, List<Endpoint> endpoints) {
        add("outbound|" + port + "||" + host, type, protocol, endpoints);
        DestinationRule rule = rule(host, namespace);
        if (rule != null) {
            for (Subset subset : rule.subsets()) {
                List<Endpoint> taken = endpoints.stream()
                        .filter(endpoint -> endpoint.labels()
                                .entrySet()
                                .containsAll(subset.labels().entrySet()))
                        .toList();
                add("outbound|" + port + "|" + subset.name() + "|" + host, type, protocol, taken);
            }
        }
    }

    private void add(String name, String type, String protocol, List<Endpoint> endpoints) {
        clusters.put(
                name,
                new RecordedCluster(
                        type,
                        protocol(protocol),
                        endpoints.stream()
                                .filter(endpoint -> endpoint.condition() != Condition.TERMINATING)
                                .map(ClusterTable::row)
                                .sorted(Comparator.naturalOrder())
                                .toList()));
    }

    private static String row(Endpoint endpoint) {
        return row(
                endpoint.address(),
                endpoint.port(),
                endpoint.locality().toString(),
                endpoint.weight(),
                endpoint.condition() == Condition.READY ? "HEALTHY" : "UNHEALTHY");
    }

    /** What the cluster speaks by default, which is what the recording tells of the protocol. */
    private static String protocol(String protocol) {
        return switch (protocol) {
            case "HTTP2", "GRPC", "GRPC-WEB" -> "h2";
            case "" -> "as the caller";
            default -> "http/1.1";
        };
    }

    /** The rule of the caller's namespace comes before the one of the service's. */
    private @Nullable DestinationRule rule(String host, String namespace) {
        for (String owner : List.of(CLIENT.namespace(), namespace)) {
            for (DestinationRule rule : step.destinationRules()) {
                String own = rule.meta().namespace();
                if (own.equals(owner) && isVisible(rule.exportTo(), own) && covers(rule.host(), own, host)) {
                    return rule;
                }
            }
        }
        return null;
    }

    private static boolean covers(String written, String namespace, String host) {
        String full = written.indexOf('.') < 0 ? written + "." + namespace + ".svc.cluster.local" : written;
        return full.equals(host) || full.startsWith("*") && host.endsWith(full.substring(1));
    }

    private static boolean isVisible(List<String> exportTo, String namespace) {
        return isVisible(exportTo.stream()
                .map(target -> target.equals(".") ? namespace : target)
                .toList());
    }

    private static boolean isVisible(List<String> exportTo) {
        return exportTo.isEmpty() || exportTo.contains("*") || exportTo.contains(CLIENT.namespace());
    }
}
