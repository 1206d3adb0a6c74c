package io.inmesh.config;

import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.Delegate;
import io.inmesh.model.Destination;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.HttpMirrorPolicy;
import io.inmesh.model.HttpRoute;
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
import org.jspecify.annotations.Nullable;

/**
 * Looks for rules that contradict each other or lead nowhere. All findings are warnings: the rules are executed as Istio
 * would, which is not what their writer can have meant. For use on a whole configuration, without a running mesh.
 *
 * <p>Short host names are relative to the namespace of the rule that has them; a name with a dot is full.
 */
public final class ConfigChecks {
    private static final int MOST_PROBLEMS = ProblemList.MOST;

    private final MeshConfig config;
    private final String clusterDomain;
    private final List<ConfigProblem> problems = new ArrayList<>();

    /** Subset names by full host, of every rule that concerns it. */
    private final Map<String, Set<String>> subsets = new HashMap<>();

    private final List<DestinationRule> wildcardRules = new ArrayList<>();
    private final Set<String> serviceHosts = new HashSet<>();

    private ConfigChecks(MeshConfig config, String clusterDomain) {
        this.config = config;
        this.clusterDomain = clusterDomain;
    }

    /**
     * Checks a whole configuration.
     *
     * @param clusterDomain suffix of short names, usually {@code cluster.local}
     * @return warnings; at most a thousand
     */
    public static List<ConfigProblem> check(MeshConfig config, String clusterDomain) {
        ConfigChecks checks = new ConfigChecks(config, clusterDomain);
        checks.run();
        return List.copyOf(checks.problems);
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
        for (VirtualService service : config.virtualServices()) {
            if (!service.hosts().isEmpty()) {
                service.hosts()
                        .forEach(host -> halfName(
                                host, "spec.hosts", service, service.meta().origin()));
            }
            for (int i = 0; i < service.http().size(); i++) {
                route(service, service.http().get(i), "spec.http[" + i + "]", byName);
            }
        }
    }

    private void route(VirtualService service, HttpRoute route, String path, Map<String, VirtualService> byName) {
        for (int i = 0; i < route.route().size(); i++) {
            destination(
                    service,
                    route.route().get(i).destination(),
                    path + ".route[" + i + "].destination",
                    route.origin());
        }
        for (HttpMirrorPolicy mirror : route.mirrors()) {
            destination(service, mirror.destination(), path + ".mirrors", route.origin());
        }
        Delegate delegate = route.delegate();
        if (delegate != null) {
            delegate(service, delegate, path + ".delegate", route.origin(), byName);
        }
    }

    private void destination(VirtualService service, Destination destination, String path, Origin origin) {
        halfName(destination.host(), path + ".host", service, origin);
        String subset = destination.subset();
        String host = resolve(destination.host(), service);
        if (subset == null || subsetsOf(host).contains(subset)) {
            return;
        }
        Set<String> known = subsetsOf(host);
        String fix = known.isEmpty()
                ? "add a DestinationRule for the host with this subset"
                : Words.didYouMean(subset, known, "known are " + String.join(", ", known));
        warn(
                origin,
                path + ".subset",
                "no DestinationRule defines the subset " + Words.quote(subset) + " of " + host
                        + ": calls are answered 503",
                fix);
    }

    private void delegate(
            VirtualService root, Delegate delegate, String path, Origin origin, Map<String, VirtualService> byName) {
        String namespace = delegate.namespace() == null ? root.meta().namespace() : delegate.namespace();
        String name = namespace + "/" + delegate.name();
        VirtualService target = byName.get(name);
        if (target == null) {
            warn(origin, path, "there is no VirtualService " + name + ": the route is dropped", "correct the name");
        } else if (!target.hosts().isEmpty()) {
            warn(
                    origin,
                    path,
                    "the VirtualService " + name + " (" + target.meta().origin()
                            + ") has hosts and so is no delegate: the route is dropped",
                    "remove its hosts");
        } else if (!isExported(target, root.meta().namespace())) {
            warn(
                    origin,
                    path,
                    "the VirtualService " + name + " (" + target.meta().origin() + ") is not exported to "
                            + root.meta().namespace() + ": the route is dropped",
                    "add the namespace to its exportTo");
        }
    }

    private void destinationRules() {
        Map<String, Map<String, Origin>> subsetOrigins = new HashMap<>();
        Map<String, DestinationRule> policies = new HashMap<>();
        for (DestinationRule rule : config.destinationRules().stream()
                .sorted(ConfigObject.OLDEST_FIRST)
                .toList()) {
            String host = resolve(rule.host(), rule);
            halfName(rule.host(), "spec.host", rule, rule.meta().origin());
            if (host.startsWith("*")) {
                wildcardRules.add(rule);
            }
            Set<String> names = subsets.computeIfAbsent(host, key -> new TreeSet<>());
            rule.subsets().forEach(subset -> names.add(subset.name()));
            if (rule.workloadSelector() != null) {
                continue;
            }
            String place = rule.meta().namespace() + " " + host;
            for (Subset subset : rule.subsets()) {
                Origin first = subsetOrigins
                        .computeIfAbsent(place, key -> new HashMap<>())
                        .putIfAbsent(subset.name(), subset.origin());
                if (first != null) {
                    warn(
                            subset.origin(),
                            "spec.subsets",
                            "the subset " + Words.quote(subset.name()) + " of " + host + " is defined at " + first
                                    + " already, which is older: this one is ignored",
                            "merge the two DestinationRules");
                }
            }
            DestinationRule older = rule.trafficPolicy() == null ? null : policies.putIfAbsent(place, rule);
            if (older != null) {
                warn(
                        rule.meta().origin(),
                        "spec.trafficPolicy",
                        "the traffic policy of " + host + " is given by "
                                + older.meta().qualifiedName() + " ("
                                + older.meta().origin() + ") already, which is older: this one is ignored",
                        "merge the two DestinationRules");
            }
        }
    }

    private void claimedHosts() {
        Map<String, List<VirtualService>> owners = new HashMap<>();
        for (VirtualService service : config.virtualServices().stream()
                .sorted(ConfigObject.OLDEST_FIRST)
                .toList()) {
            if (!service.gateways().isEmpty() && !service.gateways().contains("mesh")) {
                continue;
            }
            for (String written : service.hosts()) {
                String host = resolve(written, service);
                List<VirtualService> older = owners.computeIfAbsent(host, key -> new ArrayList<>());
                for (VirtualService owner : older) {
                    if (meet(owner, service)) {
                        warn(
                                service.meta().origin(),
                                "spec.hosts",
                                "host " + host + " belongs to VirtualService "
                                        + owner.meta().qualifiedName() + " ("
                                        + owner.meta().origin() + "), which is older; "
                                        + service.meta().qualifiedName() + " is ignored for it",
                                "merge the two or delete one");
                        break;
                    }
                }
                older.add(service);
            }
        }
    }

    /** {@code reviews.default} where {@code reviews.default.svc.cluster.local} is meant. */
    private void halfName(String host, String path, ConfigObject object, Origin origin) {
        int dot = host.indexOf('.');
        if (dot < 0 || host.indexOf('.', dot + 1) >= 0 || host.startsWith("*")) {
            return;
        }
        String full = host.toLowerCase(Locale.ROOT) + ".svc." + clusterDomain;
        if (serviceHosts.contains(full) && !serviceHosts.contains(host.toLowerCase(Locale.ROOT))) {
            warn(
                    origin,
                    path,
                    Words.quote(host) + " in " + object.meta().qualifiedName()
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
            String pattern = rule.host().toLowerCase(Locale.ROOT);
            if (host.endsWith(pattern.substring(1))) {
                rule.subsets().forEach(subset -> wide.add(subset.name()));
            }
        }
        return wide;
    }

    private String resolve(String host, ConfigObject rule) {
        String lower = host.toLowerCase(Locale.ROOT);
        boolean full = lower.indexOf('.') >= 0 || lower.indexOf(':') >= 0 || lower.startsWith("*");
        return full ? lower : lower + "." + rule.meta().namespace() + ".svc." + clusterDomain;
    }

    /** Whether some namespace sees both. */
    private static boolean meet(VirtualService a, VirtualService b) {
        Set<String> seesA = viewers(a);
        Set<String> seesB = viewers(b);
        return seesA == null || seesB == null || seesA.stream().anyMatch(seesB::contains);
    }

    private static boolean isExported(VirtualService service, String namespace) {
        Set<String> viewers = viewers(service);
        return viewers == null || viewers.contains(namespace);
    }

    /** Namespaces that see it; null means all. */
    private static @Nullable Set<String> viewers(VirtualService service) {
        if (service.exportTo().isEmpty() || service.exportTo().contains("*")) {
            return null;
        }
        Set<String> viewers = new HashSet<>();
        for (String target : service.exportTo()) {
            viewers.add(target.equals(".") ? service.meta().namespace() : target);
        }
        return viewers;
    }

    private void warn(Origin origin, String path, String message, String fix) {
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(new ConfigProblem(Severity.WARNING, origin, path, message, fix));
        }
    }
}
