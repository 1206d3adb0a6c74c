package io.inmesh.internal.route;

import io.inmesh.config.ConfigProblem;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.Origin;
import io.inmesh.model.VirtualService;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Compiles rules and services into the {@link RouteTable} of the calls that a workload makes, as istiod does for a sidecar's
 * outbound listeners: what depends on the caller or the port is decided here, not per request. Used once.
 */
public final class RouteCompiler {
    /** Istio's listener for hosts that no service stands behind. */
    private static final int HOSTS_WITHOUT_SERVICE_PORT = 80;

    private final WorkloadIdentity self;
    private final List<VirtualService> virtualServices;
    private final Map<String, ServiceEndpoints> services;
    private final Map<ClusterKey, Integer> slots = new LinkedHashMap<>();
    private final List<VirtualHost> hosts = new ArrayList<>();
    private final Map<String, VirtualService> ownerByHost = new LinkedHashMap<>();
    private final Map<VirtualService, List<HttpRoute>> routesByRule = new IdentityHashMap<>();
    private final Map<VirtualService, List<ServiceEndpoints>> servicesByRule = new IdentityHashMap<>();
    private final Set<String> byName = new HashSet<>();
    private final Set<Integer> servicePorts = new TreeSet<>();
    private final RuleRoutes ruleRoutes;
    private final RouteResolver resolver;
    private final ServiceHosts serviceHosts;

    /**
     * Makes a compiler.
     *
     * @param self whose calls the table is for
     * @param virtualServices every one, oldest first; visibility is decided here
     * @param services those visible to the caller, by full name; one that is called by its own name gets no host, even if
     *     a rule has it
     * @param problems receives warnings
     */
    public RouteCompiler(
            WorkloadIdentity self,
            List<VirtualService> virtualServices,
            Map<String, ServiceEndpoints> services,
            List<ConfigProblem> problems) {
        this.self = self;
        this.virtualServices = virtualServices;
        this.services = new LinkedHashMap<>();
        Aliases aliases = new Aliases(services.values());
        this.resolver = new RouteResolver(aliases, services);
        this.serviceHosts = new ServiceHosts(self, aliases);
        services.forEach((name, service) -> {
            if (service.state() == ServiceEndpoints.State.BY_NAME) {
                byName.addAll(serviceHosts.aliasDomains(name));
                HostNames.domains(name, service.addresses(), self).stream()
                        .filter(domain -> !mayBeOutside(domain, service))
                        .forEach(byName::add);
            } else {
                this.services.put(name, service);
            }
        });
        this.ruleRoutes = new RuleRoutes(virtualServices, self.clusterDomain(), problems);
        for (ServiceEndpoints service : this.services.values()) {
            service.ports().stream().filter(ServicePort::isHttp).forEach(port -> servicePorts.add(port.number()));
        }
    }

    /** Nobody has seen the service: two labels may as well be a host of the internet, which no guess may let pass. */
    private boolean mayBeOutside(String domain, ServiceEndpoints service) {
        int dot = domain.indexOf('.');
        return dot > 0
                && domain.indexOf('.', dot + 1) < 0
                && !service.namespace().equals(self.namespace())
                && !domain.equals(service.service().host());
    }

    /** Compiles. */
    public RouteTable compile() {
        List<VirtualService> rules = VisibleRules.forCalls(virtualServices, self.namespace());
        claimHosts(rules);
        compile(rules);
        // The table gives a name to the first that claims it, so exact owners come before wildcard ones.
        hosts.sort(Comparator.comparing((VirtualHost host) -> host.name().startsWith("*")));
        return new RouteTable(hosts, new ArrayList<>(slots.keySet()), byName);
    }

    /** Every service at its ports, routed by the rule that has it, and what else rules have. */
    private void compile(List<VirtualService> rules) {
        assignServices();
        Set<String> routed = new LinkedHashSet<>();
        Set<Integer> ports = new TreeSet<>(servicePorts);
        ports.add(HOSTS_WITHOUT_SERVICE_PORT);
        for (int port : ports) {
            for (VirtualService rule : rules) {
                compile(rule, port, routed);
            }
        }
        for (ServiceEndpoints service : services.values()) {
            // An alias has a host of its own where a rule gives it one, and is one more name of its target else.
            if (service.state() == ServiceEndpoints.State.ALIAS) {
                continue;
            }
            for (ServicePort port : service.ports()) {
                if (!routed.contains(service.service().host() + ":" + port.number())) {
                    hosts.addAll(defaultHosts(service, port.number()));
                }
            }
        }
    }

    /** Gives each host to the first rule that names it. */
    private void claimHosts(List<VirtualService> rules) {
        for (VirtualService rule : rules) {
            for (String written : rule.hosts()) {
                ownerByHost.putIfAbsent(resolve(written, rule), rule);
            }
        }
    }

    /** Gives each service to the rule that has it: an exact host, else the longest wildcard; the oldest among equals. */
    private void assignServices() {
        List<Map.Entry<String, VirtualService>> wildcards = new ArrayList<>();
        ownerByHost.forEach((host, rule) -> {
            if (host.startsWith("*")) {
                wildcards.add(Map.entry(host, rule));
            }
        });
        wildcards.sort(Comparator.comparingInt(entry -> -entry.getKey().length()));
        services.forEach((name, service) -> {
            VirtualService owner = ownerByHost.get(name);
            if (owner == null) {
                owner = wildcards.stream()
                        .filter(entry -> ServiceName.covers(entry.getKey(), name))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse(null);
            }
            if (owner != null) {
                servicesByRule.computeIfAbsent(owner, rule -> new ArrayList<>()).add(service);
            }
        });
    }

    /**
     * Istio's outbound listener of one port: only services with that port are known to it. A rule's other hosts are
     * served there under their full names if the rule has a service on the port, or if the port is 80; a host that has a
     * service on other ports only if some service opens this one.
     */
    private void compile(VirtualService rule, int port, Set<String> routed) {
        Set<String> withoutService = new LinkedHashSet<>();
        Set<ServiceEndpoints> members = new LinkedHashSet<>();
        for (String written : rule.hosts()) {
            String host = resolve(written, rule);
            List<ServiceEndpoints> covered = servicesByRule.getOrDefault(rule, List.of()).stream()
                    .filter(service ->
                            ServiceName.covers(host, service.service().host()))
                    .filter(service -> hasHttpPort(service, port))
                    .toList();
            members.addAll(covered);
            boolean elsewhere = services.containsKey(host) && !servicePorts.contains(port);
            if (covered.isEmpty() && !elsewhere && !byName.contains(host) && ownerByHost.get(host) == rule) {
                withoutService.add(host);
            }
        }
        if (members.isEmpty() && (withoutService.isEmpty() || port != HOSTS_WITHOUT_SERVICE_PORT)) {
            return;
        }
        ServiceHosts.Routing routing = routing(rule, port);
        if (routing == null) {
            return;
        }
        for (String host : withoutService) {
            hosts.add(ServiceHosts.withoutService(host, port, routing));
        }
        for (ServiceEndpoints service : members) {
            routed.add(service.service().host() + ":" + port);
            hosts.addAll(serviceHosts.of(service, port, routing));
        }
    }

    /** A rule's routes in the scope; null when nothing of it concerns the scope: its services keep their default routes. */
    private ServiceHosts.@Nullable Routing routing(VirtualService rule, int port) {
        List<VirtualHost.DroppedRoute> dropped = new ArrayList<>();
        List<CompiledRoute> compiled = resolver.resolve(routesOf(rule), RouteScope.mesh(port, self), dropped).stream()
                .map(route -> CompiledRoute.of(route, rule.meta().qualifiedName(), this::slot))
                .toList();
        return compiled.isEmpty()
                ? null
                : new ServiceHosts.Routing(
                        rule.meta().qualifiedName(), rule.meta().origin(), RouteSequence.of(compiled), dropped);
    }

    private static boolean hasHttpPort(ServiceEndpoints service, int number) {
        return service.ports().stream().anyMatch(port -> port.number() == number && port.isHttp());
    }

    private List<HttpRoute> routesOf(VirtualService rule) {
        return routesByRule.computeIfAbsent(rule, ruleRoutes::of);
    }

    private String resolve(String host, VirtualService rule) {
        return HostNames.resolve(host, rule.meta().namespace(), self.clusterDomain());
    }

    private int slot(ClusterKey key) {
        return slots.computeIfAbsent(key, k -> slots.size());
    }

    private List<VirtualHost> defaultHosts(ServiceEndpoints service, int port) {
        ClusterKey key = new ClusterKey(service.service().host(), port, "");
        CompiledRoute route = CompiledRoute.toCluster(key, slot(key));
        return serviceHosts.of(
                service, port, new ServiceHosts.Routing("", Origin.NONE, RouteSequence.of(List.of(route)), List.of()));
    }
}
