package io.inmesh.internal.route;

import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.model.Origin;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The hosts that stand for one service: under its own names, its aliases' and its instances'. */
final class ServiceHosts {
    private final WorkloadIdentity self;
    private final Aliases aliases;

    ServiceHosts(WorkloadIdentity self, Aliases aliases) {
        this.self = self;
        this.aliases = aliases;
    }

    /**
     * What all names of a service share.
     *
     * @param virtualService {@code namespace/name}, empty without a rule
     */
    record Routing(String virtualService, Origin origin, RouteSequence routes, List<VirtualHost.DroppedRoute> dropped) {
        Routing {
            dropped = List.copyOf(dropped);
        }
    }

    /** A host that no service stands behind. */
    static VirtualHost withoutService(String name, int port, Routing routing) {
        return host(name, port, List.of(name), routing, "", false, new UseMark());
    }

    /** Hosts of a service at a port, its own names first. */
    List<VirtualHost> of(ServiceEndpoints service, int port, Routing routing) {
        String name = service.service().host();
        List<VirtualHost> hosts = new ArrayList<>();
        List<String> addresses = service.state() == ServiceEndpoints.State.ALIAS ? List.of() : service.addresses();
        add(name, "", HostNames.domains(name, addresses, self), service.namedInstances(), port, routing, hosts);
        for (ServiceEndpoints alias : aliases.of(name)) {
            String other = alias.service().host();
            add(name, other, domains(alias), service.namedInstances(), port, routing, hosts);
        }
        return hosts;
    }

    /** Names under which the aliases of a service are called. */
    Set<String> aliasDomains(String service) {
        Set<String> domains = new LinkedHashSet<>();
        aliases.of(service).forEach(alias -> domains.addAll(domains(alias)));
        return domains;
    }

    private List<String> domains(ServiceEndpoints alias) {
        return HostNames.domains(alias.service().host(), List.of(), self);
    }

    /** A call of an instance is a use of the name that it is below of. */
    private static void add(
            String name,
            String alias,
            List<String> domains,
            boolean namedInstances,
            int port,
            Routing routing,
            List<VirtualHost> hosts) {
        UseMark used = new UseMark();
        hosts.add(host(name, port, domains, routing, alias, false, used));
        if (namedInstances) {
            List<String> below = domains.stream().map(domain -> "*." + domain).toList();
            hosts.add(host(name, port, below, routing, alias, true, used));
        }
    }

    private static VirtualHost host(
            String name,
            int port,
            List<String> domains,
            Routing routing,
            String alias,
            boolean ofInstances,
            UseMark used) {
        return new VirtualHost(
                name,
                port,
                List.copyOf(domains),
                routing.virtualService(),
                routing.origin(),
                routing.routes(),
                routing.dropped(),
                alias,
                ofInstances,
                used,
                false);
    }
}
