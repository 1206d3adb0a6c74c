package io.inmesh.internal.snapshot;

import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.internal.route.HostNames;
import io.inmesh.internal.route.RouteTable;
import io.inmesh.internal.route.VirtualHost;
import io.inmesh.internal.text.MessageText;
import io.inmesh.model.GatewayName;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.VirtualService;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** For explain: what comes nearest to a host that nobody knows, or not at that port. Used once. */
final class NearestHost {
    private final Background background;
    private final RouteTable routes;
    private final Circumstances circumstances;
    private final boolean blocked;
    private final Set<String> hints = new LinkedHashSet<>();

    /**
     * Looks for hints.
     *
     * @param blocked whether the call goes nowhere because only known hosts may be called
     */
    NearestHost(Background background, RouteTable routes, Circumstances circumstances, boolean blocked) {
        this.background = background;
        this.routes = routes;
        this.circumstances = circumstances;
        this.blocked = blocked;
    }

    /** Hints about a host that a caller dials, the nearest first; none when nothing is near. */
    List<String> dialled(String authority, int port) {
        String host = RouteTable.host(authority);
        List<String> names = HostNames.fullNames(host, background.self());
        otherPorts(host, port);
        for (VirtualService rule : background.config().virtualServices()) {
            rule(rule, host, names, port);
        }
        services(names);
        misspelt(host, names);
        fromSources(names);
        return List.copyOf(hints);
    }

    /** Hints about the destination of a route that is no service, the nearest first. */
    List<String> destination(String fullName) {
        List<String> names = List.of(fullName);
        services(names);
        misspelt(fullName, names);
        fromSources(names);
        return List.copyOf(hints);
    }

    private void otherPorts(String host, int port) {
        Set<String> told = new TreeSet<>();
        for (VirtualHost known : routes.virtualHosts()) {
            if (known.port() != port && told.add(known.name()) && isCalled(known, host)) {
                ServiceEndpoints service = background.visible().get(known.name());
                if (service != null) {
                    hints.add("service " + known.name() + " has no port " + port + "; its ports are "
                            + Background.ports(service) + ": write the port into the URL, as in http://" + host + ":"
                            + known.port() + "/");
                } else if (host.equals(known.name())) {
                    hints.add(withoutService(known.name(), known.port(), port));
                }
            }
        }
    }

    private static boolean isCalled(VirtualHost known, String host) {
        return known.domains().stream().anyMatch(domain -> ServiceName.covers(domain, host));
    }

    private void fromSources(List<String> names) {
        for (String name : names) {
            String target = circumstances.aliases().get(name);
            if (target != null) {
                hints.add(name + " is an alias of " + target
                        + " (ExternalName), which is no known host at this port either"
                        + (blocked ? "" : ": it is left to DNS, as Istio does"));
            }
            for (String source : circumstances.silent().getOrDefault(name, List.of())) {
                hints.add(source + " was asked about " + name + " and has not answered yet");
            }
            circumstances.problems().stream()
                    .filter(problem ->
                            problem.path().isEmpty() && problem.message().startsWith(name + " "))
                    .forEach(problem -> hints.add(problem.origin() + ": " + problem.message()));
        }
    }

    private void rule(VirtualService rule, String host, List<String> names, int port) {
        for (String written : rule.hosts()) {
            String full = background.resolve(written, rule.meta());
            String subject = Background.named("VirtualService", rule.meta());
            if (names.stream().anyMatch(name -> ServiceName.covers(full, name))) {
                String obstacle = obstacle(rule, background);
                if (!obstacle.isEmpty()) {
                    hints.add(subject + " has host " + written + ", but " + obstacle);
                } else if (!full.startsWith("*") && !background.visible().containsKey(full)) {
                    hints.add(subject + " has host " + written + ", but " + withoutService(full, 80, port));
                }
            } else if (names.stream().anyMatch(name -> background.isNamesake(full, name))
                    && host.equals(Background.firstLabel(host))) {
                hints.add(subject + " has host " + written + ", but it means " + full + ", and " + host
                        + " called from namespace " + background.self().namespace() + " means " + names.get(0)
                        + ": call " + dialled(full));
            }
        }
    }

    private static String withoutService(String fullName, int served, int port) {
        return "no service of that name is known, and then Istio serves it under the full name " + fullName
                + " at port "
                + served + " only: add a ServiceEntry with that host and port " + port
                + " (or mesh.services, or the Service in the cluster)";
    }

    /** Why a rule that has a host does not route the caller's calls; empty when it could. */
    static String obstacle(VirtualService rule, Background background) {
        if (!rule.concerns(GatewayName.MESH)) {
            return "only " + (rule.gateways().size() == 1 ? "gateway " : "gateways ")
                    + String.join(", ", rule.gateways())
                    + (rule.gateways().size() == 1 ? " uses" : " use")
                    + " it: add mesh to its gateways, so that it is also for calls between services";
        }
        ObjectMeta meta = rule.meta();
        return background.sees(rule.exportTo(), meta.namespace())
                ? ""
                : "it is in namespace " + meta.namespace() + " and " + background.notExported(rule.exportTo());
    }

    private void services(List<String> names) {
        for (ServiceEndpoints service : background.services()) {
            String name = service.service().host();
            boolean sees = background.sees(service.exportTo(), service.namespace());
            if (names.contains(name) && !sees) {
                hints.add("service " + name + " of namespace " + service.namespace() + " "
                        + background.notExported(service.exportTo()));
            } else if (sees && names.stream().anyMatch(wanted -> background.isNamesake(name, wanted))) {
                hints.add("there is a service of that short name in namespace " + service.namespace() + ": call "
                        + dialled(name) + " (ports " + Background.ports(service) + ")");
            }
        }
    }

    /** The shortest name under which other namespaces call a service. */
    private String dialled(String fullName) {
        String inCluster =
                ServiceName.serviceAndNamespace(fullName, background.self().clusterDomain());
        return inCluster == null ? fullName : inCluster;
    }

    private void misspelt(String host, List<String> names) {
        if (!hints.isEmpty() || names.stream().anyMatch(circumstances.aliases()::containsKey)) {
            return;
        }
        Stream<String> served = routes.virtualHosts().stream().flatMap(known -> known.domains().stream());
        Stream<String> visible = background.visible().keySet().stream();
        List<String> candidates = Stream.concat(served, visible)
                .filter(name -> !name.startsWith("*") && !name.endsWith("."))
                .distinct()
                .toList();
        String nearest = MessageText.misspelt(host, candidates);
        if (nearest != null && !Objects.equals(nearest, host)) {
            hints.add("did you mean " + nearest + "?");
        }
    }
}
