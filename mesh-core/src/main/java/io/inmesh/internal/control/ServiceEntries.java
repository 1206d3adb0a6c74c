package io.inmesh.internal.control;

import io.inmesh.config.ConfigProblem;
import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.Locality;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
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
import java.util.Set;

/** Turns ServiceEntries into services with endpoints. A pure function of the configuration and the DNS answers. */
final class ServiceEntries {
    private static final String UNIX = "unix://";

    private final DnsAnswers dns;
    private final List<ServiceEndpoints> services = new ArrayList<>();
    private final Set<ConfigProblem> problems = new LinkedHashSet<>();

    private ServiceEntries(DnsAnswers dns) {
        this.dns = dns;
    }

    /** Services in the order of the entries, a service for each host; and what was noticed. */
    record Result(List<ServiceEndpoints> services, List<ConfigProblem> problems) {}

    static Result read(MeshConfig config, DnsAnswers dns) {
        ServiceEntries reading = new ServiceEntries(dns);
        config.serviceEntries().forEach(reading::read);
        return new Result(List.copyOf(reading.services), List.copyOf(reading.problems));
    }

    /** Names that must be resolved for the entries. */
    static Set<String> dnsNames(MeshConfig config) {
        Set<String> names = new LinkedHashSet<>();
        for (ServiceEntry entry : config.serviceEntries()) {
            if (isDns(entry)) {
                for (String host : entry.hosts()) {
                    for (WorkloadEntry workload : workloads(entry, host)) {
                        String address = workload.address();
                        if (!address.startsWith(UNIX) && !IpLiteral.is(address)) {
                            names.add(dnsName(address));
                        }
                    }
                }
            }
        }
        return names;
    }

    private void read(ServiceEntry entry) {
        List<ServicePort> ports = entry.ports().stream()
                .map(port -> new ServicePort(port.number(), port.name(), port.protocol()))
                .toList();
        for (String host : entry.hosts()) {
            services.add(new ServiceEndpoints(
                    new ServiceName(host),
                    entry.meta().namespace(),
                    state(entry.resolution()),
                    entry.addresses(),
                    ports,
                    endpoints(entry, host),
                    visibility(entry)));
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
        List<WorkloadEntry> workloads = workloads(entry, host);
        for (int i = 0; i < workloads.size(); i++) {
            WorkloadEntry workload = workloads.get(i);
            int number = portNumber(workload, port);
            for (String address : addresses(entry, workload, i)) {
                Endpoint endpoint = new Endpoint(
                        "",
                        address,
                        number,
                        workload.locality() == null ? Locality.UNKNOWN : Locality.parse(workload.locality()),
                        Math.max(1, workload.weight()),
                        workload.labels(),
                        Condition.READY);
                String id = prefix + endpoint.hostPort();
                // One address may be listed twice with different labels: two endpoints then, not one that flickers.
                int use = uses.merge(id, 1, Integer::sum);
                endpoints.add(withId(endpoint, use == 1 ? id : id + "#" + use));
            }
        }
        return endpoints;
    }

    private static Endpoint withId(Endpoint endpoint, String id) {
        return new Endpoint(
                id,
                endpoint.address(),
                endpoint.port(),
                endpoint.locality(),
                endpoint.weight(),
                endpoint.labels(),
                endpoint.condition());
    }

    private static int portNumber(WorkloadEntry workload, ServiceEntry.Port port) {
        Integer own = workload.ports().get(port.name());
        if (own != null) {
            return own;
        }
        return port.targetPort() == 0 ? port.number() : port.targetPort();
    }

    private List<String> addresses(ServiceEntry entry, WorkloadEntry workload, int index) {
        String address = workload.address();
        if (address.startsWith(UNIX)) {
            warn(
                    place(entry, workload),
                    path(entry, index),
                    "Unix domain sockets are not supported, so this endpoint gets nothing",
                    "give an IP address and ports, or remove the endpoint");
            return List.of();
        }
        if (IpLiteral.is(address)) {
            return List.of(address);
        }
        if (!isDns(entry)) {
            warn(
                    place(entry, workload),
                    path(entry, index),
                    "\"" + address + "\" is not an IP address, so this endpoint gets nothing",
                    "write an IP address, or set resolution: DNS");
            return List.of();
        }
        String name = dnsName(address);
        List<String> all = dns.addresses(name);
        String failure = dns.failure(name);
        if (failure != null) {
            warn(
                    place(entry, workload),
                    path(entry, index),
                    "\"" + name + "\" cannot be resolved (" + failure + "); "
                            + (all.isEmpty() ? "it has no address yet" : "its last known addresses stay in use"),
                    "check the name and the resolver");
        }
        String first = dns.firstAddress(name);
        if (entry.resolution() == Resolution.DNS_ROUND_ROBIN) {
            return first == null ? List.of() : List.of(first);
        }
        return all;
    }

    private void warn(Origin origin, String path, String message, String fix) {
        problems.add(new ConfigProblem(ConfigProblem.Severity.WARNING, origin, path, message, fix));
    }

    private static Origin place(ServiceEntry entry, WorkloadEntry workload) {
        return workload.origin().equals(Origin.NONE) ? entry.meta().origin() : workload.origin();
    }

    private static String path(ServiceEntry entry, int index) {
        return entry.endpoints().isEmpty() ? "spec.hosts" : "spec.endpoints[" + index + "].address";
    }

    /** The endpoints given; without any, DNS means the host itself. */
    private static List<WorkloadEntry> workloads(ServiceEntry entry, String host) {
        if (!entry.endpoints().isEmpty() || !isDns(entry) || entry.workloadSelector() != null) {
            return entry.endpoints();
        }
        return List.of(new WorkloadEntry(
                host, Map.of(), Map.of(), null, null, 0, null, entry.meta().origin()));
    }

    private static boolean isDns(ServiceEntry entry) {
        return entry.resolution() == Resolution.DNS || entry.resolution() == Resolution.DNS_ROUND_ROBIN;
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
