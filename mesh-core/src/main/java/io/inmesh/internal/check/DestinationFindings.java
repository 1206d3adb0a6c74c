package io.inmesh.internal.check;

import io.inmesh.config.ConfigCheck;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.internal.check.RouteUsers.Way;
import io.inmesh.internal.route.HostNames;
import io.inmesh.model.Gateway;
import io.inmesh.model.GatewayName;
import io.inmesh.model.GatewayServer;
import io.inmesh.model.Origin;
import io.inmesh.model.VirtualService;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Destinations of routes: hosts that no service has, services that are not visible, and ports. */
final class DestinationFindings {
    private final CheckContext context;
    private final KnownHosts known;
    private final Findings findings;

    private final Map<GatewayName, Gateway> gateways = new HashMap<>();

    /** Places of subsets whose host is doubted. */
    private final Set<Origin> subsetsOfDoubtedHosts = new HashSet<>();

    DestinationFindings(CheckContext context, Findings findings) {
        this.context = context;
        this.findings = findings;
        known = context.known;
        context.files.config().gateways().forEach(gateway -> gateways.put(gateway.gatewayName(), gateway));
    }

    void run() {
        for (VirtualService service : context.files.config().virtualServices()) {
            DestinationUse.of(service, context.users).forEach(this::check);
        }
        context.refused.forEach(rule -> DestinationUse.of(rule).forEach(this::check));
    }

    /** Whether a problem is that of a subset whose host is doubted already: the subset is then no problem of its own. */
    boolean tellsMore(ConfigProblem problem) {
        return problem.path().endsWith(".subset") && subsetsOfDoubtedHosts.contains(problem.origin());
    }

    private void check(DestinationUse use) {
        String host = context.full(use.host(), use.meta().namespace());
        if (!known.isKnown(host)) {
            boolean ruledHere = context.ruled.contains(host) && !context.files.knowsAllServices();
            String near = known.misspelt(host, ruledHere ? List.of() : context.ruled);
            if (near != null || !ruledHere && known.isMissed(host, use.host())) {
                unknown(use, host, near);
            }
            return;
        }
        if (isHidden(use, host)) {
            return;
        }
        Set<Integer> ports = known.ports(host);
        if (use.port() != 0 && !ports.isEmpty() && !ports.contains(use.port())) {
            warn(
                    ConfigCheck.PORT_NOT_FOUND,
                    use,
                    ".port.number",
                    host + " has no port " + use.port() + " here: " + use.consequence() + context.unlessElsewhere(),
                    "it has " + listed(ports));
        } else if (use.port() == 0 && !ports.isEmpty()) {
            portOfTheCall(use, host, ports);
        }
    }

    private void unknown(DestinationUse use, String host, @Nullable String near) {
        warn(
                ConfigCheck.HOST_NOT_FOUND,
                use,
                ".host",
                "no service here has the host " + host + ": " + use.consequence() + context.unlessKnown(),
                HostFindings.fix(known, host, use.host(), near, context.files));
        subsetsOfDoubtedHosts.add(use.originOf(".subset"));
    }

    /** Whether it is said that callers do not see the service. */
    private boolean isHidden(DestinationUse use, String host) {
        Set<String> callers = new TreeSet<>();
        for (Way way : use.ways()) {
            if (!way.isOfGatewaysOnly()) {
                callers.addAll(callers(way));
            }
        }
        if (use.ways().isEmpty() && use.service() != null) {
            // A delegate to which nothing leads yet is one of its own namespace, for all that is known.
            callers.add(use.meta().namespace());
        }
        callers.removeIf(namespace -> known.isVisibleTo(host, namespace));
        if (callers.isEmpty()) {
            return false;
        }
        KnownHosts.Described service = known.described(host).get(0);
        String field =
                service.object().startsWith("ServiceEntry ") ? "exportTo" : "annotation networking.istio.io/exportTo";
        warn(
                ConfigCheck.HOST_NOT_VISIBLE,
                use,
                ".host",
                service.object() + " (" + service.meta().origin() + ") with the host " + host
                        + " is not exported to namespace " + String.join(", ", callers) + ": " + use.consequence()
                        + " for callers there" + context.unlessElsewhere(),
                service.exportTo().contains("~")
                        ? "write " + String.join(", ", callers) + " instead of \"~\" in its " + field
                        : "add " + String.join(", ", callers) + " to its " + field);
        subsetsOfDoubtedHosts.add(use.originOf(".subset"));
        return true;
    }

    /** Namespaces from which calls come by a way for sure: that of a rule for all, or else those that it names. */
    private static Set<String> callers(Way way) {
        VirtualService root = way.root();
        @Nullable Set<String> only = way.namespaces();
        Set<String> callers = new TreeSet<>(only == null ? Callers.targets(root.exportTo(), root) : only);
        if (callers.remove(Callers.OTHERS)) {
            callers.add(root.meta().namespace());
        }
        callers.removeIf(
                namespace -> !HostNames.isVisible(root.exportTo(), root.meta().namespace(), namespace));
        return callers;
    }

    /** Where no port is chosen a call keeps the port of the host that it was made to. */
    private void portOfTheCall(DestinationUse use, String host, Set<Integer> ports) {
        if (use.service() == null) {
            return;
        }
        boolean gatewayOnly = use.isOfGatewaysOnly();
        if (gatewayOnly && ports.size() == 1) {
            // A gateway takes the only port there is.
            return;
        }
        Set<Integer> called = gatewayOnly ? portsOfGateways(use.ways()) : portsOfHosts(use.ways());
        if (called == null) {
            if (ports.size() > 1 && !gatewayOnly) {
                warn(
                        ConfigCheck.PORT_REQUIRED,
                        use,
                        ".port",
                        "no port is chosen, so a call keeps its own, and " + host + " has " + listed(ports)
                                + " alone: "
                                + use.consequence() + " where they are made to any other port",
                        "add port: {number: ...} to the destination");
            }
            return;
        }
        Set<Integer> lost = new TreeSet<>(called);
        lost.removeAll(ports);
        if (!lost.isEmpty()) {
            warn(
                    ConfigCheck.PORT_REQUIRED,
                    use,
                    ".port",
                    "no port is chosen, so a " + (gatewayOnly ? "request" : "call") + " keeps its own, and " + host
                            + " has no port " + listed(lost) + " here: " + use.consequence(),
                    "add port: {number: ...} to the destination; it has " + listed(ports));
        }
    }

    /** Ports with HTTP at which hosts are called by some ways; null when they are not known. */
    private @Nullable Set<Integer> portsOfHosts(List<Way> ways) {
        Set<Integer> called = new TreeSet<>();
        for (Way way : ways) {
            Set<Integer> ofHosts = new TreeSet<>();
            for (String host : way.root().hosts()) {
                List<ServicePort> ports = known.portsOf(context.full(host, way.root()));
                if (ports.isEmpty()) {
                    return way.ports() == null ? null : Set.of();
                }
                ports.stream().filter(ServicePort::isHttp).forEach(port -> ofHosts.add(port.number()));
            }
            retain(ofHosts, way.ports());
            called.addAll(ofHosts);
        }
        return ways.isEmpty() ? null : called;
    }

    /** Ports of the servers of gateways at which requests come by some ways; null when some are not known. */
    private @Nullable Set<Integer> portsOfGateways(List<Way> ways) {
        Set<Integer> called = new TreeSet<>();
        for (Way way : ways) {
            if (way.choosesGateways()) {
                return null;
            }
            Set<Integer> served = new TreeSet<>();
            for (String written : way.root().gateways()) {
                Gateway gateway =
                        gateways.get(GatewayName.of(written, way.root().meta().namespace()));
                if (gateway == null) {
                    return null;
                }
                gateway.servers().stream()
                        .filter(GatewayServer::takesRequests)
                        .forEach(server -> served.add(server.port()));
            }
            retain(served, way.ports());
            called.addAll(served);
        }
        return called;
    }

    private static void retain(Set<Integer> ports, @Nullable Set<Integer> only) {
        if (only != null) {
            ports.retainAll(only);
        }
    }

    static String listed(Collection<Integer> ports) {
        return new TreeSet<>(ports).stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private void warn(ConfigCheck check, DestinationUse use, String field, String message, String fix) {
        findings.add(check, Severity.WARNING, use.object(), use.path() + field, use.originOf(field), message, fix);
    }
}
