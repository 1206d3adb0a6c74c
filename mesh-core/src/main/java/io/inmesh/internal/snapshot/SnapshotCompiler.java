package io.inmesh.internal.snapshot;

import io.inmesh.call.CircuitBreakers;
import io.inmesh.config.ConfigProblem;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.internal.check.ConfigChecks;
import io.inmesh.internal.cluster.Cluster;
import io.inmesh.internal.cluster.ClusterPolicy;
import io.inmesh.internal.cluster.HostRegistry;
import io.inmesh.internal.route.Aliases;
import io.inmesh.internal.route.ClusterKey;
import io.inmesh.internal.route.GatewayCompiler;
import io.inmesh.internal.route.GatewayTable;
import io.inmesh.internal.route.RouteCompiler;
import io.inmesh.internal.route.RouteTable;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.Gateway;
import io.inmesh.model.InboundPolicy;
import io.inmesh.model.LoadBalancerSettings.Simple;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.Subset;
import io.inmesh.model.VirtualService;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Builds snapshots. Control thread only.
 *
 * <p>Endpoints change more often than rules and services do. So what is made of rules alone is kept for as long as the
 * rules are the same, what is made of rules and services but not of endpoints for as long as those are, and what stands
 * behind a destination for as long as the service is the very same object. A result is what a new compiler would give.
 */
public final class SnapshotCompiler {
    private final WorkloadIdentity self;
    private final boolean registryOnly;
    private final boolean servesGateways;
    private final RandomGenerator random;
    private final @Nullable CircuitBreakers breakers;
    private final VisibleServices visibleServices;
    private @Nullable Built built;

    /**
     * What is made of a configuration alone.
     *
     * @param virtualServices oldest first
     * @param gateways oldest first; none unless they are served
     * @param findings of the checks
     * @param decidedByLabels of policies for what comes in
     */
    private record Rules(
            MeshConfig config,
            List<VirtualService> virtualServices,
            List<Gateway> gateways,
            DestinationRules destinations,
            InboundPolicy inbound,
            List<ConfigProblem> findings,
            List<ConfigProblem> decidedByLabels) {}

    /**
     * What is made of rules and services, but not of their endpoints.
     *
     * @param clusterKeys clusters that any route leads to, by slot
     * @param problems all there are
     */
    private record Routes(
            RouteTable table, GatewayTable gateway, List<ClusterKey> clusterKeys, List<ConfigProblem> problems) {}

    /** The last snapshot and what it was built from. */
    private record Built(Rules rules, Map<String, ServiceEndpoints> services, Routes routes, MeshSnapshot snapshot) {}

    /** Makes a compiler of a process without circuit breakers of its own. */
    public SnapshotCompiler(
            WorkloadIdentity self, boolean registryOnly, boolean servesGateways, RandomGenerator random) {
        this(self, registryOnly, servesGateways, random, null);
    }

    /**
     * Makes a compiler.
     *
     * @param servesGateways whether what comes in at gateways is compiled too
     * @param registryOnly whether unknown hosts are blocked instead of passed through
     * @param random for the first places in balancers' cycles
     * @param breakers that rules may name; null for none
     */
    public SnapshotCompiler(
            WorkloadIdentity self,
            boolean registryOnly,
            boolean servesGateways,
            RandomGenerator random,
            @Nullable CircuitBreakers breakers) {
        this.self = self;
        this.registryOnly = registryOnly;
        this.servesGateways = servesGateways;
        this.random = random;
        this.breakers = breakers;
        this.visibleServices = new VisibleServices(self.namespace());
    }

    /** A snapshot and what was noticed while building it (warnings and notes only). */
    public record Result(MeshSnapshot snapshot, List<ConfigProblem> problems) {}

    /**
     * Compiles.
     *
     * @param config never written; the same object stands for the same rules
     * @param services every service known, in order of creation; two of one name are told apart by namespace
     * @param hosts supplies live state by endpoint id
     * @param previous the snapshot in force, with hosts of the same registry: clusters that did not change are taken over
     */
    public Result compile(
            MeshConfig config,
            List<ServiceEndpoints> services,
            HostRegistry hosts,
            @Nullable MeshSnapshot previous,
            long version) {
        Built before = built;
        Map<String, ServiceEndpoints> visible = visibleServices.of(services);
        Rules rules = before != null && before.rules().config() == config ? before.rules() : rules(config, before);
        Aliases aliases = new Aliases(visible.values());
        Routes routes = before != null && before.rules() == rules && differInEndpointsOnly(before.services(), visible)
                ? before.routes()
                : routes(rules, visible, aliases);
        // Slots mean the same only in the same table, and hosts are kept alive only by the snapshot in force.
        Built comparable = before != null && before.routes() == routes && before.snapshot() == previous ? before : null;

        List<ClusterKey> keys = routes.clusterKeys();
        Target[] targets = new Target[keys.size()];
        Map<ClusterKey, Cluster> clusters = new LinkedHashMap<>(2 * keys.size());
        for (int slot = 0; slot < targets.length; slot++) {
            ClusterKey key = keys.get(slot);
            ServiceEndpoints service = visible.get(key.host());
            targets[slot] = comparable != null && comparable.services().get(key.host()) == service
                    ? comparable.snapshot().target(slot)
                    : service == null || service.state() == ServiceEndpoints.State.ALIAS
                            ? withoutService(key, aliases, rules.destinations(), hosts, previous)
                            : target(key, service, rules.destinations(), hosts, previous);
            Cluster cluster = targets[slot].cluster();
            if (cluster != null) {
                clusters.put(key, cluster);
            }
        }
        Background background = new Background(self, config, List.copyOf(services), visible, rules.destinations());
        MeshSnapshot snapshot = new MeshSnapshot(
                version,
                routes.table(),
                routes.gateway(),
                rules.inbound(),
                targets,
                clusters,
                registryOnly,
                background);
        built = new Built(rules, visible, routes, snapshot);
        return new Result(snapshot, routes.problems());
    }

    private Rules rules(MeshConfig config, @Nullable Built before) {
        return new Rules(
                config,
                config.virtualServices().stream()
                        .sorted(ConfigObject.OLDEST_FIRST)
                        .toList(),
                servesGateways
                        ? config.gateways().stream()
                                .sorted(ConfigObject.OLDEST_FIRST)
                                .toList()
                        : List.of(),
                new DestinationRules(
                        self,
                        config.destinationRules().stream()
                                .sorted(ConfigObject.OLDEST_FIRST)
                                .toList(),
                        breakers),
                InboundPolicies.of(
                        config,
                        self,
                        before == null ? InboundPolicy.NONE : before.rules().inbound()),
                ConfigChecks.checkFor(self, config, UnaryOperator.identity()),
                // Where nothing comes in at a gateway, a namespace has policies for many workloads: no cause for alarm.
                InboundPolicies.decidedByLabels(
                        config, self, servesGateways ? ConfigProblem.Severity.WARNING : ConfigProblem.Severity.NOTE));
    }

    private Routes routes(Rules rules, Map<String, ServiceEndpoints> visible, Aliases aliases) {
        List<ConfigProblem> problems = new ArrayList<>(
                aliases.isEmpty()
                        ? rules.findings()
                        : ConfigChecks.checkFor(self, rules.config(), host -> {
                            String end = aliases.end(host);
                            return end == null ? host : end;
                        }));
        problems.addAll(rules.decidedByLabels());
        RouteTable table = new RouteCompiler(self, rules.virtualServices(), visible, problems).compile();
        GatewayTable gateway = rules.gateways().isEmpty()
                ? GatewayTable.NONE
                : new GatewayCompiler(
                                self, rules.gateways(), rules.virtualServices(), visible, table.clusterKeys(), problems)
                        .compile();
        return new Routes(table, gateway, MeshSnapshot.clusterKeys(table, gateway), List.copyOf(problems));
    }

    /** Whether the same services come in the same order. */
    private static boolean differInEndpointsOnly(
            Map<String, ServiceEndpoints> some, Map<String, ServiceEndpoints> others) {
        if (some.size() != others.size()) {
            return false;
        }
        Iterator<ServiceEndpoints> other = others.values().iterator();
        for (ServiceEndpoints one : some.values()) {
            ServiceEndpoints another = other.next();
            if (one != another && !one.withEndpoints(Map.of()).equals(another.withEndpoints(Map.of()))) {
                return false;
            }
        }
        return true;
    }

    /** A host that no service has is known only as what an alias leads to, at the addresses that DNS has of it. */
    private Target withoutService(
            ClusterKey key,
            Aliases aliases,
            DestinationRules destinationRules,
            HostRegistry hosts,
            @Nullable MeshSnapshot previous) {
        if (aliases.isAlias(key.host())) {
            return Target.unknown("the alias leads back to itself: " + String.join(" -> ", aliases.chain(key.host())));
        }
        List<ServiceEndpoints> leading = aliases.of(key.host());
        ServiceEndpoints resolved = leading.stream()
                .filter(alias -> !alias.addresses().isEmpty())
                .findFirst()
                .orElse(leading.isEmpty() ? null : leading.get(0));
        if (resolved == null || ServiceName.serviceAndNamespace(key.host(), self.clusterDomain()) != null) {
            return Target.unknown("no service " + key.host() + " is known");
        }
        List<Endpoint> endpoints = addresses(key, resolved);
        ServiceEndpoints outside = ServiceEndpoints.builder(
                        new ServiceName(key.host()), resolved.namespace(), ServiceEndpoints.State.ENDPOINTS)
                .ports(List.of(portOf(leading, key.port())))
                .endpoints(Map.of(key.port(), endpoints))
                .external(true)
                .build();
        return target(key, outside, destinationRules, hosts, previous);
    }

    /** The aliases say what is spoken at a port; at one that none of them has it is what the caller speaks. */
    private static ServicePort portOf(List<ServiceEndpoints> aliases, int number) {
        return aliases.stream()
                .flatMap(alias -> alias.ports().stream())
                .filter(port -> port.number() == number)
                .map(port -> new ServicePort(number, port.name(), port.protocol()))
                .findFirst()
                .orElse(new ServicePort(number, "", ""));
    }

    private static List<Endpoint> addresses(ClusterKey key, ServiceEndpoints service) {
        return service.addresses().stream()
                .map(address -> Endpoint.builder("dns/" + key.host(), address, key.port())
                        .dnsName(key.host())
                        .build())
                .toList();
    }

    private Target target(
            ClusterKey key,
            ServiceEndpoints service,
            DestinationRules destinationRules,
            HostRegistry hosts,
            @Nullable MeshSnapshot previous) {
        DestinationRules.Merged merged = destinationRules.forService(service);
        if (service.state() == ServiceEndpoints.State.BY_NAME) {
            Subset named = merged.subsets().get(key.subset());
            Target.Asked asked = merged.asked(key.port(), named);
            String refusal = merged.refusal(key.port(), named, asked.policy());
            return refusal == null ? byName(key, service, merged, hosts, previous) : Target.refused(refusal, asked);
        }
        ServicePort port = service.ports().stream()
                .filter(candidate -> candidate.number() == key.port())
                .findFirst()
                .orElse(null);
        if (port == null) {
            return Target.unknown("service " + key.host() + " has no port " + key.port());
        }
        Subset subset = key.subset().isEmpty() ? null : merged.subsets().get(key.subset());
        if (subset == null && !key.subset().isEmpty()) {
            return Target.unknown("no DestinationRule visible here defines subset " + key.subset() + " of " + key.host()
                    + (merged.names().isEmpty() ? "" : "; looked at " + merged.names()));
        }
        Target.Asked asked = merged.asked(key.port(), subset);
        String refusal = merged.refusal(key.port(), subset, asked.policy());
        if (refusal != null) {
            return Target.refused(refusal, asked);
        }
        ClusterPolicy policy = asked.policy();
        boolean http2 = policy.http2(port);
        boolean passthrough = service.state() == ServiceEndpoints.State.ORIGINAL_DESTINATION;
        if (passthrough || policy.balancer() == Simple.PASSTHROUGH) {
            return Target.originalDestination(passthrough ? port.targetPort() : 0, http2, asked, isExternal(service));
        }
        Cluster cluster = Cluster.build(
                key,
                subset == null ? Map.of() : subset.labels(),
                policy,
                service.endpoints().getOrDefault(key.port(), List.of()),
                hosts,
                previous == null ? null : previous.clusters().get(key),
                random);
        return Target.of(cluster, http2, asked, isExternal(service));
    }

    /** A name of the cluster's own is not outside, whatever the location that its ServiceEntry leaves out counts as. */
    private boolean isExternal(ServiceEndpoints service) {
        return service.external()
                && ServiceName.serviceAndNamespace(service.service().host(), self.clusterDomain()) == null;
    }

    /** Where discovery is blind, a destination is the whole service at the addresses of its name: no ports, no subsets. */
    private Target byName(
            ClusterKey key,
            ServiceEndpoints service,
            DestinationRules.Merged rules,
            HostRegistry hosts,
            @Nullable MeshSnapshot previous) {
        Target.Asked asked = rules.asked(key.port(), null);
        ClusterPolicy policy = asked.policy();
        Cluster cluster = Cluster.build(
                key,
                Map.of(),
                policy.balancer() == Simple.PASSTHROUGH ? policy.withBalancer(Simple.UNSPECIFIED) : policy,
                addresses(key, service),
                hosts,
                previous == null ? null : previous.clusters().get(key),
                random);
        return Target.byName(cluster, asked);
    }
}
