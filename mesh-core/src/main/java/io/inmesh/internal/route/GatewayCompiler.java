package io.inmesh.internal.route;

import io.inmesh.config.ConfigProblem;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.internal.route.GatewayTable.Server;
import io.inmesh.model.Gateway;
import io.inmesh.model.GatewayHost;
import io.inmesh.model.GatewayName;
import io.inmesh.model.GatewayServer;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.VirtualService;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compiles Gateways and the rules for them into a {@link GatewayTable}, as istiod does for an ingress gateway that all of
 * them select. Used once.
 */
public final class GatewayCompiler {
    private final WorkloadIdentity self;
    private final List<Server> servers = new ArrayList<>();

    /** Those for HTTP, under TLS also those that take no requests. */
    private final List<GatewayServer> written = new ArrayList<>();

    private final Set<VirtualHost> certified = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<VirtualService> virtualServices;
    private final RuleRoutes ruleRoutes;
    private final RouteResolver resolver;
    private final Map<ClusterKey, Integer> slots = new LinkedHashMap<>();
    private final Map<GatewayName, List<VirtualService>> rulesByGateway = new HashMap<>();
    private final Map<VirtualService, List<HttpRoute>> routesByRule = new IdentityHashMap<>();
    private final Map<List<GatewayRoutes>, GatewayRoutes.Merged> merged = new HashMap<>();

    /**
     * Makes a compiler.
     *
     * @param self the workload that is the gateway
     * @param gateways oldest first; their selectors are not looked at
     * @param virtualServices every one, oldest first; visibility is decided here
     * @param services those visible to the workload, by full name
     * @param clusterKeys clusters that have a slot already, in the order of slots
     * @param problems receives warnings
     */
    public GatewayCompiler(
            WorkloadIdentity self,
            List<Gateway> gateways,
            List<VirtualService> virtualServices,
            Map<String, ServiceEndpoints> services,
            List<ClusterKey> clusterKeys,
            List<ConfigProblem> problems) {
        this.self = self;
        this.virtualServices = virtualServices;
        this.ruleRoutes = new RuleRoutes(virtualServices, self.clusterDomain(), problems);
        this.resolver = new RouteResolver(new Aliases(services.values()), services);
        clusterKeys.forEach(this::slot);
        for (Gateway gateway : gateways) {
            for (GatewayServer server : gateway.servers()) {
                if (server.takesRequests()) {
                    servers.add(new Server(gateway, server));
                }
                if (server.takesRequests() || server.protocol() == GatewayServer.Protocol.HTTPS) {
                    written.add(server);
                }
            }
        }
    }

    /** Compiles. */
    public GatewayTable compile() {
        Set<Integer> ports = new TreeSet<>();
        servers.forEach(server -> ports.add(server.server().port()));
        List<VirtualHost> hosts = new ArrayList<>();
        for (int port : ports) {
            hosts.addAll(hosts(port));
        }
        return new GatewayTable(
                new RouteTable(hosts, new ArrayList<>(slots.keySet()), Set.of()),
                servers,
                ServerHosts.of(written),
                certified);
    }

    /** The hosts of all servers of a port; where several name one, its routes are taken together. */
    private List<VirtualHost> hosts(int port) {
        Map<String, Set<GatewayRoutes>> routesByHost = new LinkedHashMap<>();
        Set<String> redirected = new LinkedHashSet<>();
        Set<String> open = new HashSet<>();
        Map<GatewayName, Map<VirtualService, GatewayRoutes>> known = new HashMap<>();
        for (Server one : servers) {
            GatewayServer server = one.server();
            if (server.port() != port) {
                continue;
            }
            GatewayName gateway = one.gateway().gatewayName();
            RouteScope scope = new RouteScope(gateway, port, server.tls() != null, self);
            for (VirtualService rule : rules(gateway)) {
                Set<String> bound = bound(rule, server);
                GatewayRoutes routes = bound.isEmpty()
                        ? GatewayRoutes.NONE
                        : known.computeIfAbsent(gateway, any -> new IdentityHashMap<>())
                                .computeIfAbsent(rule, any -> routes(rule, scope));
                for (String host : routes.isEmpty() ? Set.<String>of() : bound) {
                    routesByHost
                            .computeIfAbsent(host, any -> new LinkedHashSet<>())
                            .add(routes);
                    if (ServerHosts.Access.of(server) == ServerHosts.Access.EVERYBODY) {
                        open.add(host);
                    }
                    if (server.httpsRedirect()) {
                        redirected.add(host);
                    }
                }
            }
            if (server.httpsRedirect()) {
                server.hosts().forEach(host -> redirected.add(lowerCase(host)));
            }
        }
        redirected.forEach(host -> routesByHost.computeIfAbsent(host, any -> Set.of()));
        return routesByHost.entrySet().stream()
                .map(entry -> {
                    String name = entry.getKey();
                    VirtualHost host = host(name, port, entry.getValue(), redirected.contains(name));
                    if (!open.contains(name) && !entry.getValue().isEmpty()) {
                        certified.add(host);
                    }
                    return host;
                })
                // The table gives a name to the first that claims it, so exact owners come before wildcard ones.
                .sorted(Comparator.comparing((VirtualHost host) -> host.name().startsWith("*")))
                .toList();
    }

    private List<VirtualService> rules(GatewayName gateway) {
        return rulesByGateway.computeIfAbsent(
                gateway, name -> VisibleRules.of(virtualServices, name, self.namespace()));
    }

    /** The hosts that a rule has at a server: of its hosts and the server's, those that lie within one of the other's. */
    private Set<String> bound(VirtualService rule, GatewayServer server) {
        Set<String> bound = new LinkedHashSet<>();
        String namespace = rule.meta().namespace();
        for (GatewayHost taken : server.hosts()) {
            if (!taken.isFor(namespace)) {
                continue;
            }
            String ofServer = lowerCase(taken);
            for (String written : rule.hosts()) {
                String ofRule = HostNames.resolve(written, namespace, self.clusterDomain());
                if (ServiceName.covers(ofRule, ofServer)) {
                    bound.add(ofServer);
                } else if (ServiceName.covers(ofServer, ofRule)) {
                    bound.add(ofRule);
                }
            }
        }
        return bound;
    }

    private static String lowerCase(GatewayHost host) {
        return host.host().toLowerCase(Locale.ROOT);
    }

    private GatewayRoutes routes(VirtualService rule, RouteScope scope) {
        List<VirtualHost.DroppedRoute> dropped = new ArrayList<>();
        List<HttpRoute> written = routesByRule.computeIfAbsent(rule, ruleRoutes::of);
        List<CompiledRoute> compiled = resolver.resolve(written, scope, dropped).stream()
                .map(route -> CompiledRoute.of(route, rule.meta().qualifiedName(), this::slot))
                .toList();
        return new GatewayRoutes(rule.meta(), compiled, dropped);
    }

    private VirtualHost host(String name, int port, Set<GatewayRoutes> routes, boolean httpsRedirect) {
        GatewayRoutes.Merged all = merged.computeIfAbsent(List.copyOf(routes), GatewayRoutes::merge);
        return new VirtualHost(
                name,
                port,
                List.of(name),
                all.virtualServices(),
                all.origin(),
                all.sequence(),
                all.dropped(),
                "",
                false,
                new UseMark(),
                httpsRedirect);
    }

    private int slot(ClusterKey key) {
        return slots.computeIfAbsent(key, any -> slots.size());
    }
}
