package io.inmesh.internal.check;

import io.inmesh.config.ConfigCheck;
import io.inmesh.config.ConfigProblem;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.internal.route.HostNames;
import io.inmesh.internal.text.MessageText;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.Delegate;
import io.inmesh.model.Destination;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.HttpRouteDestination;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.Origin;
import io.inmesh.model.ServiceEntry;
import io.inmesh.model.Subset;
import io.inmesh.model.VirtualService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Looks for rules that contradict each other or lead nowhere. All findings are warnings: the rules are executed as Istio
 * would, which is not what their writer can have meant. For use on a whole configuration, without a running mesh.
 *
 * <p>Short host names are relative to the namespace of the rule that has them; a name with a dot is full.
 */
public final class ConfigChecks {
    private final MeshConfig config;
    private final String clusterDomain;
    private final Findings findings = new Findings();

    /** Subset names by full host, of every rule that concerns it. */
    private final Map<String, Set<String>> subsets = new HashMap<>();

    private final List<DestinationRule> wildcardRules = new ArrayList<>();
    private final Set<String> serviceHosts = new HashSet<>();

    private final UnaryOperator<String> aliases;

    /** What is said after a consequence that another file may prevent; empty where the configuration is whole. */
    private final String unless;

    private final RefusedRules refused;

    private ConfigChecks(
            MeshConfig config,
            String clusterDomain,
            UnaryOperator<String> aliases,
            RefusedRules refused,
            String unless) {
        this.config = config;
        this.clusterDomain = clusterDomain;
        this.aliases = aliases;
        this.refused = refused;
        this.unless = unless;
    }

    /**
     * Checks a whole configuration.
     *
     * @param clusterDomain suffix of short names, usually {@code cluster.local}
     * @return warnings; at most a thousand
     */
    public static List<ConfigProblem> check(MeshConfig config, String clusterDomain) {
        return check(config, clusterDomain, UnaryOperator.identity());
    }

    /**
     * The same where some services are other names of others.
     *
     * @param aliases gives what a full name leads to, the name itself when it is no alias
     */
    public static List<ConfigProblem> check(MeshConfig config, String clusterDomain, UnaryOperator<String> aliases) {
        ConfigChecks checks = new ConfigChecks(config, clusterDomain, aliases, RefusedRules.NONE, "");
        checks.run();
        return checks.findings.toList();
    }

    /** Checks files, which may be a part of the configuration, and of whose rules some may have been refused. */
    static List<ConfigProblem> check(CheckContext context) {
        ConfigChecks checks = new ConfigChecks(
                context.files.config(),
                context.files.clusterDomain(),
                context::target,
                context.refusedRules,
                context.unlessElsewhere());
        checks.serviceHosts.addAll(context.known.ofServices());
        checks.run();
        return checks.findings.toList();
    }

    private void run() {
        for (ServiceEntry entry : config.serviceEntries()) {
            entry.hosts().forEach(host -> serviceHosts.add(host.toLowerCase(Locale.ROOT)));
        }
        destinationRules();
        claimedHosts();
        Map<String, VirtualService> byName = new HashMap<>();
        config.virtualServices().stream()
                .sorted(ConfigObject.OLDEST_FIRST)
                .forEach(service -> byName.putIfAbsent(service.meta().qualifiedName(), service));
        RouteUsers users = new RouteUsers(config);
        for (VirtualService service : config.virtualServices()) {
            for (int i = 0; i < service.hosts().size(); i++) {
                halfName(service.hosts().get(i), "spec.hosts[" + i + "]", service);
            }
            for (int i = 0; i < service.http().size(); i++) {
                route(service, service.http().get(i), "spec.http[" + i + "]", users, byName);
            }
        }
    }

    private void route(
            VirtualService service,
            HttpRoute route,
            String path,
            RouteUsers users,
            Map<String, VirtualService> byName) {
        boolean gatewayOnly = users.onlyGateways(service, route);
        for (int i = 0; i < route.route().size(); i++) {
            HttpRouteDestination destination = route.route().get(i);
            destination(
                    service,
                    destination.destination(),
                    path + ".route[" + i + "].destination",
                    route.origin(),
                    lostCalls(route, destination, gatewayOnly));
        }
        boolean single = service.meta().fields().containsKey(path + ".mirror");
        for (int i = 0; i < route.mirrors().size(); i++) {
            destination(
                    service,
                    route.mirrors().get(i).destination(),
                    single ? path + ".mirror" : path + ".mirrors[" + i + "].destination",
                    route.origin(),
                    gatewayOnly ? "the gateway sends no copies there" : "no copies are sent there");
        }
        Delegate delegate = route.delegate();
        if (delegate != null) {
            delegate(service, delegate, path + ".delegate", route.origin(), byName);
        }
    }

    /** What becomes of the calls of a destination that is not there. */
    static String lostCalls(HttpRoute route, HttpRouteDestination destination, boolean gatewayOnly) {
        String who = gatewayOnly ? " by the gateway" : "";
        if (route.route().size() == 1) {
            return "calls are answered 503" + who;
        }
        return destination.weight() == 0
                ? "no call is sent there while its weight is 0, and with a weight its share would be answered 503" + who
                : "its share of the calls is answered 503" + who;
    }

    private void destination(
            VirtualService service, Destination destination, String path, Origin otherwise, String consequence) {
        halfName(destination.host(), path + ".host", service, otherwise);
        String subset = destination.subset();
        String host = aliases.apply(resolve(destination.host(), service));
        if (subset == null || subsetsOf(host).contains(subset) || refused.definesSubset(host, subset)) {
            return;
        }
        Set<String> known = subsetsOf(host);
        String fix = known.isEmpty()
                ? "add a DestinationRule for the host with this subset"
                : MessageText.didYouMean(subset, known, "known are " + String.join(", ", known));
        findings.warn(
                ConfigCheck.SUBSET_NOT_FOUND,
                service,
                path + ".subset",
                otherwise,
                "no DestinationRule defines the subset " + MessageText.quote(subset) + " of " + host + ": "
                        + consequence + unless,
                fix);
    }

    private void delegate(
            VirtualService root, Delegate delegate, String path, Origin otherwise, Map<String, VirtualService> byName) {
        String namespace = delegate.namespace() == null ? root.meta().namespace() : delegate.namespace();
        String name = namespace + "/" + delegate.name();
        VirtualService target = byName.get(name);
        if (target == null && refused.has("VirtualService", name)) {
            return;
        }
        if (target == null) {
            findings.warn(
                    ConfigCheck.DELEGATE_NOT_FOUND,
                    root,
                    path + ".name",
                    otherwise,
                    "there is no VirtualService " + name + ": the route is dropped" + unless,
                    MessageText.didYouMean(name, byName.keySet(), "correct the name"));
        } else if (!target.hosts().isEmpty()) {
            findings.warn(
                    ConfigCheck.DELEGATE_NOT_FOUND,
                    root,
                    path + ".name",
                    otherwise,
                    "the VirtualService " + name + " (" + target.meta().origin()
                            + ") has hosts and so is no delegate: the route is dropped",
                    "remove its hosts");
        } else if (!isVisible(target, root.meta().namespace())) {
            findings.warn(
                    ConfigCheck.DELEGATE_NOT_FOUND,
                    root,
                    path + ".name",
                    otherwise,
                    "the VirtualService " + name + " (" + target.meta().origin() + ") is not exported to "
                            + root.meta().namespace() + ": the route is dropped",
                    "add the namespace to its exportTo");
        }
    }

    private void destinationRules() {
        Map<String, Map<String, DestinationRule>> subsetRules = new HashMap<>();
        Map<String, DestinationRule> policies = new HashMap<>();
        for (DestinationRule rule : config.destinationRules().stream()
                .sorted(ConfigObject.OLDEST_FIRST)
                .toList()) {
            String host = resolve(rule.host(), rule);
            halfName(rule.host(), "spec.host", rule);
            if (host.startsWith("*")) {
                wildcardRules.add(rule);
            }
            Set<String> names = subsets.computeIfAbsent(host, key -> new TreeSet<>());
            rule.subsets().forEach(subset -> names.add(subset.name()));
            if (rule.workloadSelector() != null) {
                continue;
            }
            String place = rule.meta().namespace() + " " + host;
            Map<String, DestinationRule> first = subsetRules.computeIfAbsent(place, key -> new HashMap<>());
            for (int i = 0; i < rule.subsets().size(); i++) {
                Subset subset = rule.subsets().get(i);
                DestinationRule winner = first.putIfAbsent(subset.name(), rule);
                if (winner != null) {
                    secondSubset(rule, i, winner, host);
                }
            }
            DestinationRule winner = rule.trafficPolicy() == null ? null : policies.putIfAbsent(place, rule);
            if (winner != null) {
                findings.warn(
                        ConfigCheck.CONFLICTING_DESTINATION_RULES,
                        rule,
                        "spec.trafficPolicy",
                        rule.meta().origin(),
                        "the traffic policy of " + host + " is given by " + named(winner) + " already, which "
                                + winner.precedes(rule) + ": this one is ignored",
                        "merge the two DestinationRules");
            }
        }
    }

    private void secondSubset(DestinationRule rule, int index, DestinationRule winner, String host) {
        Subset subset = rule.subsets().get(index);
        String why = winner == rule ? "comes first in the rule" : winner.precedes(rule);
        Origin first = winner.subsets().stream()
                .filter(other -> other.name().equals(subset.name()))
                .map(Subset::origin)
                .findFirst()
                .orElse(winner.meta().origin());
        findings.warn(
                ConfigCheck.CONFLICTING_DESTINATION_RULES,
                rule,
                "spec.subsets[" + index + "].name",
                subset.origin(),
                "the subset " + MessageText.quote(subset.name()) + " of " + host + " is defined at " + first
                        + " already, which " + why + ": this one is ignored",
                winner == rule ? "remove one of the two" : "merge the two DestinationRules");
    }

    private void claimedHosts() {
        Map<String, List<VirtualService>> owners = new HashMap<>();
        for (VirtualService service : config.virtualServices().stream()
                .sorted(ConfigObject.OLDEST_FIRST)
                .toList()) {
            if (RouteUsers.onlyGateways(service)) {
                continue;
            }
            for (int i = 0; i < service.hosts().size(); i++) {
                String host = resolve(service.hosts().get(i), service);
                List<VirtualService> earlier = owners.computeIfAbsent(host, key -> new ArrayList<>());
                for (VirtualService owner : earlier) {
                    if (owner != service && meet(owner, service)) {
                        findings.warn(
                                ConfigCheck.CONFLICTING_HOSTS,
                                service,
                                "spec.hosts[" + i + "]",
                                service.meta().origin(),
                                "host " + host + " belongs to VirtualService " + named(owner) + ", which "
                                        + owner.precedes(service) + "; "
                                        + service.meta().qualifiedName() + " is ignored for it",
                                "merge the two or delete one");
                        break;
                    }
                }
                earlier.add(service);
            }
        }
    }

    private static String named(ConfigObject object) {
        return object.meta().qualifiedName() + " (" + object.meta().origin() + ")";
    }

    private void halfName(String host, String path, ConfigObject object) {
        halfName(host, path, object, object.meta().origin());
    }

    /** {@code reviews.default} where {@code reviews.default.svc.cluster.local} is meant. */
    private void halfName(String host, String path, ConfigObject object, Origin otherwise) {
        int dot = host.indexOf('.');
        if (dot < 0 || host.indexOf('.', dot + 1) >= 0 || host.startsWith("*")) {
            return;
        }
        String full = ServiceName.inCluster(host.toLowerCase(Locale.ROOT), clusterDomain);
        if (serviceHosts.contains(full) && !serviceHosts.contains(host.toLowerCase(Locale.ROOT))) {
            findings.warn(
                    ConfigCheck.HALF_NAME,
                    object,
                    path,
                    otherwise,
                    MessageText.quote(host) + " in " + object.meta().qualifiedName()
                            + " is a full name of its own, not short for " + full,
                    "write " + full);
        }
    }

    private Set<String> subsetsOf(String host) {
        Set<String> names = subsets.get(host);
        if (names != null && !names.isEmpty()) {
            return names;
        }
        Set<String> wide = new TreeSet<>();
        for (DestinationRule rule : wildcardRules) {
            if (ServiceName.covers(resolve(rule.host(), rule), host)) {
                rule.subsets().forEach(subset -> wide.add(subset.name()));
            }
        }
        return wide;
    }

    private String resolve(String host, ConfigObject rule) {
        return HostNames.resolve(host, rule.meta().namespace(), clusterDomain);
    }

    /** Whether some namespace sees both. */
    private static boolean meet(VirtualService a, VirtualService b) {
        return Stream.of(a, b)
                .flatMap(service -> Stream.concat(Stream.of(service.meta().namespace()), service.exportTo().stream()))
                .filter(namespace -> !namespace.equals("."))
                .anyMatch(namespace -> isVisible(a, namespace) && isVisible(b, namespace));
    }

    private static boolean isVisible(VirtualService service, String namespace) {
        return HostNames.isVisible(service.exportTo(), service.meta().namespace(), namespace);
    }
}
