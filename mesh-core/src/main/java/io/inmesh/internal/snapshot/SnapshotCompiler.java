package io.inmesh.internal.snapshot;

import io.inmesh.config.ConfigChecks;
import io.inmesh.config.ConfigProblem;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.internal.cluster.Cluster;
import io.inmesh.internal.cluster.HostRegistry;
import io.inmesh.internal.route.ClusterKey;
import io.inmesh.internal.route.HostNames;
import io.inmesh.internal.route.RouteCompiler;
import io.inmesh.internal.route.RouteTable;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.LoadBalancerSettings.Simple;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.Subset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Builds snapshots. Control thread only. */
public final class SnapshotCompiler {
    private final WorkloadIdentity self;
    private final boolean registryOnly;
    private final RandomGenerator random;

    /** Endpoints change more often than rules: rules that were checked are not checked again. */
    private @Nullable MeshConfig checked;

    private List<ConfigProblem> findings = List.of();

    /**
     * Makes a compiler.
     *
     * @param registryOnly whether unknown hosts are blocked instead of passed through
     * @param random for the first places in balancers' cycles
     */
    public SnapshotCompiler(WorkloadIdentity self, boolean registryOnly, RandomGenerator random) {
        this.self = self;
        this.registryOnly = registryOnly;
        this.random = random;
    }

    /** A snapshot and what was noticed while building it (warnings only). */
    public record Result(MeshSnapshot snapshot, List<ConfigProblem> problems) {}

    /**
     * Compiles.
     *
     * @param services every service known, in order of creation; two of one name are told apart by namespace
     * @param hosts supplies live state by endpoint id
     * @param previous clusters that did not change are taken over from it
     */
    public Result compile(
            MeshConfig config,
            List<ServiceEndpoints> services,
            HostRegistry hosts,
            @Nullable MeshSnapshot previous,
            long version) {
        if (checked != config) {
            findings = ConfigChecks.check(config, self.clusterDomain());
            checked = config;
        }
        List<ConfigProblem> problems = new ArrayList<>(findings);
        Map<String, ServiceEndpoints> visible = visible(services);
        RouteTable routes = new RouteCompiler(
                        self,
                        config.virtualServices().stream()
                                .sorted(ConfigObject.OLDEST_FIRST)
                                .toList(),
                        visible,
                        problems)
                .compile();
        DestinationRules rules = new DestinationRules(
                self,
                config.destinationRules().stream()
                        .sorted(ConfigObject.OLDEST_FIRST)
                        .toList());
        Map<String, DestinationRules.Merged> rulesByHost = new HashMap<>();
        visible.forEach((name, service) -> rulesByHost.put(name, rules.forService(service)));

        List<ClusterKey> keys = routes.clusterKeys();
        Target[] targets = new Target[keys.size()];
        Map<ClusterKey, Cluster> clusters = new LinkedHashMap<>();
        for (int slot = 0; slot < targets.length; slot++) {
            ClusterKey key = keys.get(slot);
            ServiceEndpoints service = visible.get(key.host());
            DestinationRules.Merged merged = rulesByHost.getOrDefault(key.host(), DestinationRules.Merged.NONE);
            targets[slot] = target(key, service, merged, hosts, previous);
            Cluster cluster = targets[slot].cluster();
            if (cluster != null) {
                clusters.put(key, cluster);
            }
        }
        return new Result(new MeshSnapshot(version, routes, targets, clusters, registryOnly), List.copyOf(problems));
    }

    private Target target(
            ClusterKey key,
            @Nullable ServiceEndpoints service,
            DestinationRules.Merged rules,
            HostRegistry hosts,
            @Nullable MeshSnapshot previous) {
        if (service == null) {
            return Target.unknown("no service " + key.host() + " is known");
        }
        if (service.ports().stream().map(ServicePort::number).noneMatch(port -> port == key.port())) {
            return Target.unknown("service " + key.host() + " has no port " + key.port());
        }
        Subset subset = key.subset().isEmpty() ? null : rules.subsets().get(key.subset());
        if (subset == null && !key.subset().isEmpty()) {
            return Target.unknown("no DestinationRule visible here defines subset " + key.subset() + " of " + key.host()
                    + (rules.names().isEmpty() ? "" : "; looked at " + rules.names()));
        }
        Simple wanted = rules.balancer(key.port(), subset);
        if (service.state() == ServiceEndpoints.State.ORIGINAL_DESTINATION || wanted == Simple.PASSTHROUGH) {
            return new Target(null, true, "", rules.names());
        }
        Cluster cluster = Cluster.build(
                key,
                subset == null ? Map.of() : subset.labels(),
                wanted == null ? Simple.UNSPECIFIED : wanted,
                service.endpoints().getOrDefault(key.port(), List.of()),
                hosts,
                previous == null ? null : previous.clusters().get(key),
                random);
        return new Target(cluster, false, "", rules.names());
    }

    /** Services that the caller sees; of two with one name that of its own namespace, else the first. */
    private Map<String, ServiceEndpoints> visible(List<ServiceEndpoints> services) {
        Map<String, ServiceEndpoints> visible = new LinkedHashMap<>();
        for (ServiceEndpoints service : services) {
            if (service.state() == ServiceEndpoints.State.ABSENT
                    || !HostNames.isVisible(service.exportTo(), service.namespace(), self.namespace())) {
                continue;
            }
            String name = service.service().host();
            ServiceEndpoints known = visible.get(name);
            if (known == null
                    || !known.namespace().equals(self.namespace())
                            && service.namespace().equals(self.namespace())) {
                visible.put(name, service);
            } else if (known.namespace().equals(service.namespace())) {
                visible.put(name, union(known, service));
            }
        }
        return visible;
    }

    /** Two descriptions of one service in one namespace add up (Istio merges such ServiceEntries). */
    private static ServiceEndpoints union(ServiceEndpoints first, ServiceEndpoints second) {
        List<ServicePort> ports = new ArrayList<>(first.ports());
        second.ports().stream()
                .filter(port -> ports.stream().noneMatch(known -> known.number() == port.number()))
                .forEach(ports::add);
        Map<Integer, List<io.inmesh.endpoint.Endpoint>> endpoints = new HashMap<>(first.endpoints());
        second.endpoints()
                .forEach((port, added) -> endpoints.merge(port, added, (a, b) -> {
                    List<io.inmesh.endpoint.Endpoint> both = new ArrayList<>(a);
                    both.addAll(b);
                    return both;
                }));
        List<String> addresses = new ArrayList<>(first.addresses());
        second.addresses().stream().filter(a -> !addresses.contains(a)).forEach(addresses::add);
        return new ServiceEndpoints(
                first.service(), first.namespace(), first.state(), addresses, ports, endpoints, first.exportTo());
    }
}
