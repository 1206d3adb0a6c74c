package io.inmesh.internal.check;

import io.inmesh.config.ConfigCheck;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.internal.route.HostNames;
import io.inmesh.internal.route.VisibleRules;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.VirtualService;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Hosts that several VirtualServices have for calls between services: of those that a namespace sees one is used. */
final class HostConflicts {
    private final String clusterDomain;
    private final Callers callers;
    private final Findings findings;

    HostConflicts(String clusterDomain, Callers callers, Findings findings) {
        this.clusterDomain = clusterDomain;
        this.callers = callers;
        this.findings = findings;
    }

    /** A rule that comes second to another one. */
    private record Loss(VirtualService loser, VirtualService winner) {}

    void check(MeshConfig config) {
        Map<String, List<VirtualService>> rulesByHost = new LinkedHashMap<>();
        config.virtualServices().stream()
                .filter(service -> !RouteUsers.onlyGateways(service))
                .sorted(ConfigObject.OLDEST_FIRST)
                .forEach(service -> service.hosts()
                        .forEach(host -> add(
                                service, rulesByHost.computeIfAbsent(full(host, service), key -> new ArrayList<>()))));
        rulesByHost.forEach((host, rules) -> {
            if (rules.size() > 1) {
                check(host, rules);
            }
        });
    }

    /** A rule may name a host twice. */
    private static void add(VirtualService service, List<VirtualService> rules) {
        if (rules.isEmpty() || rules.get(rules.size() - 1) != service) {
            rules.add(service);
        }
    }

    private void check(String host, List<VirtualService> rules) {
        Set<String> viewers = new TreeSet<>();
        rules.forEach(rule -> viewers.addAll(Callers.targets(rule.exportTo(), rule)));
        Map<Loss, Set<String>> losses = new LinkedHashMap<>();
        Set<VirtualService> used = Collections.newSetFromMap(new IdentityHashMap<>());
        for (String viewer : callers.among(viewers)) {
            List<VirtualService> seen = VisibleRules.forCalls(rules, viewer);
            for (int i = 0; i < seen.size(); i++) {
                if (i == 0) {
                    used.add(seen.get(0));
                } else {
                    losses.computeIfAbsent(new Loss(seen.get(i), seen.get(0)), key -> new TreeSet<>())
                            .add(viewer);
                }
            }
        }
        for (VirtualService rule : rules) {
            losses.forEach((loss, where) -> {
                if (loss.loser() == rule) {
                    tell(host, loss, viewers, where, used.contains(rule));
                }
            });
        }
    }

    private void tell(String host, Loss loss, Set<String> viewers, Set<String> where, boolean usedElsewhere) {
        VirtualService loser = loss.loser();
        VirtualService winner = loss.winner();
        String viewer = where.iterator().next();
        boolean nearer = VisibleRules.isNearer(winner, loser, viewer);
        // To have a host to itself is what a namespace keeps a rule to itself for.
        boolean meant = nearer && usedElsewhere;
        if (meant && !callers.areAll()) {
            return;
        }
        String in = callers.areAll() ? in(where, viewers) : "";
        String there = in.isEmpty() ? "" : " there";
        String why = !nearer
                ? winner.precedes(loser)
                : winner.meta().namespace().equals(viewer)
                        ? "is exported to " + viewer + " and not to all"
                        : "is exported to " + viewer + " by name";
        findings.add(
                ConfigCheck.CONFLICTING_HOSTS,
                meant ? Severity.NOTE : Severity.WARNING,
                loser,
                path(loser, host),
                in + "host " + host + " belongs to VirtualService " + Findings.named(winner) + ", which " + why + "; "
                        + loser.meta().qualifiedName() + " is ignored for it" + there
                        + (isOfGatewaysToo(loser) ? " by callers in the mesh" : ""),
                meant ? "" : fix(loser));
        if (callers.areAll()) {
            findings.add(
                    ConfigCheck.CONFLICTING_HOSTS,
                    Severity.NOTE,
                    winner,
                    path(winner, host),
                    in + "VirtualService " + Findings.named(loser) + " has the host " + host
                            + " too, and is ignored for it" + there,
                    "");
        }
    }

    private static boolean isOfGatewaysToo(VirtualService service) {
        return service.gateways().stream().anyMatch(gateway -> !gateway.equals(VirtualService.MESH));
    }

    private static String fix(VirtualService loser) {
        boolean alone = loser.hosts().size() == 1;
        if (isOfGatewaysToo(loser)) {
            return alone
                    ? "merge the two, or take mesh out of the gateways here"
                    : "merge the two, or move the host from here to a rule for the gateways without mesh";
        }
        return alone ? "merge the two, or delete this one" : "merge the two, or remove the host here";
    }

    /** {@code in namespace foo }, or nothing where that is all that see one of the rules. */
    private static String in(Set<String> where, Set<String> viewers) {
        if (!where.contains(Callers.OTHERS)) {
            return Findings.inNamespaces(where) + " ";
        }
        Set<String> not = new TreeSet<>(viewers);
        not.removeAll(where);
        return not.isEmpty() ? "" : "outside of " + Findings.namespaces(not) + " ";
    }

    private String path(VirtualService service, String host) {
        for (int i = 0; i < service.hosts().size(); i++) {
            if (full(service.hosts().get(i), service).equals(host)) {
                return "spec.hosts[" + i + "]";
            }
        }
        return "spec.hosts";
    }

    private String full(String host, VirtualService service) {
        return HostNames.resolve(host, service.meta().namespace(), clusterDomain);
    }
}
