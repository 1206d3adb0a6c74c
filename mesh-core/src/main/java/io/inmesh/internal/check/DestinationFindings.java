package io.inmesh.internal.check;

import io.inmesh.config.ConfigCheck;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.model.Delegate;
import io.inmesh.model.Gateway;
import io.inmesh.model.GatewayName;
import io.inmesh.model.GatewayServer;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.Origin;
import io.inmesh.model.VirtualService;
import java.util.ArrayList;
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

    /** Rules that lead to a delegate, by its qualified name. */
    private final Map<String, List<VirtualService>> roots = new HashMap<>();

    private final Map<GatewayName, Gateway> gateways = new HashMap<>();

    /** Places of subsets whose host is doubted. */
    private final Set<Origin> subsetsOfDoubtedHosts = new HashSet<>();

    DestinationFindings(CheckContext context, Findings findings) {
        this.context = context;
        this.findings = findings;
        known = context.known;
        context.files.config().gateways().forEach(gateway -> gateways.put(gateway.gatewayName(), gateway));
        for (VirtualService root : context.files.config().virtualServices()) {
            for (HttpRoute route : root.http()) {
                Delegate delegate = route.delegate();
                if (delegate != null) {
                    String namespace =
                            delegate.namespace() == null ? root.meta().namespace() : delegate.namespace();
                    roots.computeIfAbsent(namespace + "/" + delegate.name(), key -> new ArrayList<>())
                            .add(root);
                }
            }
        }
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
        String own = use.meta().namespace();
        Set<String> callers = new TreeSet<>();
        if (use.exportTo().isEmpty()) {
            callers.add(own);
        }
        for (String target : use.exportTo()) {
            callers.add(target.equals(".") || target.equals("*") ? own : target);
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

    /** Where no port is chosen a call keeps the port of the host that it was made to. */
    private void portOfTheCall(DestinationUse use, String host, Set<Integer> ports) {
        VirtualService service = use.service();
        if (service == null) {
            return;
        }
        boolean gatewayOnly = RouteUsers.onlyGateways(service);
        if (gatewayOnly && ports.size() == 1) {
            // A gateway takes the only port there is.
            return;
        }
        Set<Integer> called = gatewayOnly ? portsOfGateways(service) : portsOfHosts(service);
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

    /** Ports at which the rule's hosts can be called; null when they are not known. */
    private @Nullable Set<Integer> portsOfHosts(VirtualService service) {
        List<VirtualService> rules = service.hosts().isEmpty()
                ? roots.getOrDefault(service.meta().qualifiedName(), List.of())
                : List.of(service);
        Set<Integer> called = new TreeSet<>();
        for (VirtualService rule : rules) {
            for (String host : rule.hosts()) {
                Set<Integer> ports = known.ports(context.full(host, rule));
                if (ports.isEmpty()) {
                    return null;
                }
                called.addAll(ports);
            }
        }
        return called.isEmpty() ? null : called;
    }

    /** Ports of the servers of a rule's gateways; null when some are not known. */
    private @Nullable Set<Integer> portsOfGateways(VirtualService service) {
        Set<Integer> called = new TreeSet<>();
        for (String written : service.gateways()) {
            Gateway gateway =
                    gateways.get(GatewayName.of(written, service.meta().namespace()));
            if (gateway == null) {
                return null;
            }
            gateway.servers().stream()
                    .filter(GatewayServer::takesRequests)
                    .forEach(server -> called.add(server.port()));
        }
        return called;
    }

    static String listed(Collection<Integer> ports) {
        return new TreeSet<>(ports).stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private void warn(ConfigCheck check, DestinationUse use, String field, String message, String fix) {
        findings.add(check, Severity.WARNING, use.object(), use.path() + field, use.originOf(field), message, fix);
    }
}
