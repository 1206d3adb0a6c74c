package io.inmesh.internal.serviceentry;

import io.inmesh.config.ConfigProblem;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.endpoint.Workload;
import io.inmesh.endpoint.WorkloadSelector;
import io.inmesh.internal.route.HostNames;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.Origin;
import io.inmesh.model.ServiceEntry;
import io.inmesh.model.ServiceEntry.Resolution;
import io.inmesh.model.WorkloadEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The services with endpoints that ServiceEntries mean: a pure function of configuration, DNS answers and workloads. */
public final class ServiceEntries {
    private static final String UNIX = "unix://";

    private static final String SELECTOR = "spec.workloadSelector";

    private final DnsAnswers dns;
    private final Function<WorkloadSelector, List<Workload>> workloads;
    private final List<ServiceEndpoints> services = new ArrayList<>();
    private final Set<ConfigProblem> problems = new LinkedHashSet<>();
    private final Map<String, Set<String>> unreachable = new HashMap<>();

    private ServiceEntries(DnsAnswers dns, Function<WorkloadSelector, List<Workload>> workloads) {
        this.dns = dns;
        this.workloads = workloads;
    }

    /**
     * Services in the order of precedence of their entries, a service for each host; and what was noticed.
     *
     * @param unreachable why endpoints have no address, a sentence each, by full name of the service
     */
    public record Result(
            List<ServiceEndpoints> services, List<ConfigProblem> problems, Map<String, Set<String>> unreachable) {}

    /**
     * Reads all entries.
     *
     * @param workloads what a selector takes; null when there is no source that could know
     */
    public static Result read(
            MeshConfig config, DnsAnswers dns, @Nullable Function<WorkloadSelector, List<Workload>> workloads) {
        SelectedWorkloads selected =
                new SelectedWorkloads(config, workloads == null ? selector -> List.of() : workloads);
        ServiceEntries reading = new ServiceEntries(dns, selected::of);
        for (ServiceEntry entry : reading.eachOnce(config.serviceEntries())) {
            reading.read(entry);
            WorkloadSelector selector = selector(entry);
            if (workloads == null && selector != null && selected.of(selector).isEmpty()) {
                reading.warn(
                        entry.meta().origin(),
                        SELECTOR,
                        "no WorkloadEntry has the labels, and there is no source of endpoints to select workloads from,"
                                + " so the service has none",
                        "add a WorkloadEntry, or an endpoint source such as Kubernetes, or list the endpoints");
            }
        }
        return new Result(
                List.copyOf(reading.services), List.copyOf(reading.problems), Map.copyOf(reading.unreachable));
    }

    /** What the entries select. */
    public static Set<WorkloadSelector> selectors(MeshConfig config) {
        return config.serviceEntries().stream()
                .map(ServiceEntries::selector)
                .filter(Objects::nonNull)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Names that must be resolved for the entries and for what they select at this moment. */
    public static Set<String> dnsNames(MeshConfig config, Function<WorkloadSelector, List<Workload>> workloads) {
        SelectedWorkloads selected = new SelectedWorkloads(config, workloads);
        Set<String> names = new LinkedHashSet<>();
        for (ServiceEntry entry : config.serviceEntries()) {
            if (isDns(entry)) {
                for (String host : entry.hosts()) {
                    for (Listed listed : listed(entry, host, selected::of)) {
                        String address = listed.workload().address();
                        if (isName(address)) {
                            names.add(dnsName(address));
                        }
                    }
                }
            }
        }
        return names;
    }

    /**
     * Entries in the order of precedence. Two sources may hold an entry of the same name, such as a file and the
     * cluster; its endpoints would count twice if both were taken.
     */
    private List<ServiceEntry> eachOnce(List<ServiceEntry> entries) {
        Map<String, ServiceEntry> named = new HashMap<>();
        List<ServiceEntry> taken = new ArrayList<>();
        for (ServiceEntry entry :
                entries.stream().sorted(ConfigObject.OLDEST_FIRST).toList()) {
            boolean isNamed = !entry.meta().name().isEmpty();
            ServiceEntry older = isNamed ? named.putIfAbsent(entry.meta().qualifiedName(), entry) : null;
            if (older == null) {
                taken.add(entry);
            } else {
                warn(
                        entry.meta().origin(),
                        "metadata.name",
                        "ServiceEntry " + entry.meta().qualifiedName() + " is also written at "
                                + older.meta().origin() + ", which " + older.precedes(entry) + ": this one is ignored",
                        "remove one of the two");
            }
        }
        return taken;
    }

    private void read(ServiceEntry entry) {
        List<ServicePort> ports = entry.ports().stream()
                .map(port -> new ServicePort(
                        port.number(),
                        port.name(),
                        port.protocol(),
                        entry.resolution() == Resolution.NONE ? port.targetPort() : 0))
                .toList();
        for (String host : entry.hosts()) {
            services.add(
                    ServiceEndpoints.builder(new ServiceName(host), entry.meta().namespace(), state(entry.resolution()))
                            .addresses(entry.addresses())
                            .ports(ports)
                            .endpoints(endpoints(entry, host))
                            .exportTo(visibility(entry))
                            .external(entry.location() == ServiceEntry.Location.MESH_EXTERNAL)
                            .build());
        }
    }

    private static ServiceEndpoints.State state(Resolution resolution) {
        return switch (resolution) {
            case STATIC, DNS, DNS_ROUND_ROBIN -> ServiceEndpoints.State.ENDPOINTS;
            case NONE, DYNAMIC_DNS -> ServiceEndpoints.State.ORIGINAL_DESTINATION;
        };
    }

    private Map<Integer, List<Endpoint>> endpoints(ServiceEntry entry, String host) {
        Map<Integer, List<Endpoint>> byPort = new LinkedHashMap<>();
        if (state(entry.resolution()) == ServiceEndpoints.State.ENDPOINTS) {
            for (ServiceEntry.Port port : entry.ports()) {
                byPort.put(port.number(), endpoints(entry, host, port));
            }
        }
        return byPort;
    }

    private List<Endpoint> endpoints(ServiceEntry entry, String host, ServiceEntry.Port port) {
        String prefix = "se/" + entry.meta().qualifiedName() + "/" + new ServiceName(host) + "/";
        Map<String, Integer> uses = new HashMap<>();
        List<Endpoint> endpoints = new ArrayList<>();
        for (Listed listed : listed(entry, host, workloads)) {
            Workload workload = listed.workload();
            int number = portNumber(workload, port);
            for (String address : addresses(entry, host, listed)) {
                Endpoint endpoint = new Endpoint(
                        prefix + workload.id(),
                        address,
                        number,
                        workload.locality(),
                        Math.max(1, workload.weight()),
                        workload.labels(),
                        workload.condition(),
                        isName(workload.address()) ? dnsName(workload.address()) : null);
                endpoints.add(workload.id().isEmpty() ? identified(endpoint, prefix, uses) : endpoint);
            }
        }
        return endpoints;
    }

    /** An endpoint of a rule is known by its address, unless that is listed twice with different labels. */
    private static Endpoint identified(Endpoint endpoint, String prefix, Map<String, Integer> uses) {
        String id = prefix + endpoint.hostPort();
        // Two endpoints then, not one that flickers.
        int use = uses.merge(id, 1, Integer::sum);
        return endpoint.withId(use == 1 ? id : id + "#" + use);
    }

    private static int portNumber(Workload workload, ServiceEntry.Port port) {
        Integer own = workload.ports().get(port.name());
        if (own != null) {
            return own;
        }
        return port.targetPort() == 0 ? port.number() : port.targetPort();
    }

    private List<String> addresses(ServiceEntry entry, String host, Listed listed) {
        String address = listed.workload().address();
        if (address.startsWith(UNIX)) {
            unreachable(
                    host,
                    listed,
                    "Unix domain sockets are not supported, so this endpoint gets nothing",
                    "give an IP address and ports, or remove the endpoint");
            return List.of();
        }
        if (!isName(address)) {
            return List.of(address);
        }
        if (!isDns(entry)) {
            unreachable(
                    host,
                    listed,
                    "\"" + address + "\" is not an IP address, so this endpoint gets nothing",
                    "write an IP address, or set resolution: DNS");
            return List.of();
        }
        String name = dnsName(address);
        List<String> all = dns.addresses(name);
        String failure = dns.failure(name);
        String fix = dns.fix(name);
        if (failure != null && all.isEmpty()) {
            unreachable(host, listed, unresolved(name, failure) + "it has no address yet", fix);
        } else if (failure != null) {
            warn(
                    listed.origin(),
                    listed.path(),
                    unresolved(name, failure) + "its last known addresses stay in use",
                    fix);
        }
        String first = dns.firstAddress(name);
        if (entry.resolution() == Resolution.DNS_ROUND_ROBIN) {
            return first == null ? List.of() : List.of(first);
        }
        return all;
    }

    private static String unresolved(String name, String failure) {
        return "\"" + name + "\" cannot be resolved (" + failure + "); ";
    }

    private void unreachable(String host, Listed listed, String message, String fix) {
        warn(listed.origin(), listed.path(), message, fix);
        unreachable
                .computeIfAbsent(new ServiceName(host).host(), service -> new LinkedHashSet<>())
                .add(message);
    }

    private void warn(Origin origin, String path, String message, String fix) {
        problems.add(new ConfigProblem(ConfigProblem.Severity.WARNING, origin, path, message, fix));
    }

    /**
     * A workload of an entry.
     *
     * @param origin place to name in warnings
     * @param path field to name in warnings
     */
    private record Listed(Workload workload, Origin origin, String path) {}

    /** The endpoints given or selected; with neither, DNS means the host itself. */
    private static List<Listed> listed(
            ServiceEntry entry, String host, Function<WorkloadSelector, List<Workload>> workloads) {
        Origin origin = entry.meta().origin();
        WorkloadSelector selector = selector(entry);
        if (selector != null) {
            return workloads.apply(selector).stream()
                    .map(workload -> new Listed(workload, origin, SELECTOR))
                    .toList();
        }
        List<Listed> listed = new ArrayList<>();
        if (entry.endpoints().isEmpty() && entry.workloadSelector() == null && isDns(entry)) {
            Workload itself = Workload.builder("", host).build();
            listed.add(new Listed(itself, origin, "spec.hosts"));
        }
        for (int i = 0; i < entry.endpoints().size(); i++) {
            WorkloadEntry given = entry.endpoints().get(i);
            String path = "spec.endpoints[" + i + "].";
            if (entry.meta().skipped().stream().noneMatch(field -> field.path().startsWith(path))) {
                listed.add(new Listed(
                        SelectedWorkloads.workload(given, given.labels()),
                        given.origin().equals(Origin.NONE) ? origin : given.origin(),
                        path + "address"));
            }
        }
        return listed;
    }

    /** What an entry selects; null when it selects nothing. */
    private static @Nullable WorkloadSelector selector(ServiceEntry entry) {
        Map<String, String> labels = entry.workloadSelector();
        return labels == null || labels.isEmpty() || state(entry.resolution()) != ServiceEndpoints.State.ENDPOINTS
                ? null
                : new WorkloadSelector(entry.meta().namespace(), labels);
    }

    private static boolean isDns(ServiceEntry entry) {
        return entry.resolution() == Resolution.DNS || entry.resolution() == Resolution.DNS_ROUND_ROBIN;
    }

    private static boolean isName(String address) {
        // A source may tell of what has no address yet, as kind and name: deployment/cart.
        return address.indexOf('/') < 0 && HostNames.isName(address);
    }

    private static String dnsName(String address) {
        return new ServiceName(address).host();
    }

    private static List<String> visibility(ServiceEntry entry) {
        if (entry.exportTo().contains("*")) {
            return List.of();
        }
        return entry.exportTo().stream()
                .map(namespace -> namespace.equals(".") ? entry.meta().namespace() : namespace)
                .toList();
    }
}
