package io.inmesh.internal.check;

import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.internal.route.DestinationRuleScope;
import io.inmesh.internal.route.HostNames;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.ServiceEntry;
import io.inmesh.model.Subset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Which subsets a host has, and for whose calls. */
final class DefinedSubsets {
    private final MeshConfig config;
    private final String clusterDomain;
    private final Callers callers;
    private final List<DestinationRule> rules;
    private final Map<String, List<DestinationRule>> byHost = new HashMap<>();
    private final List<DestinationRule> wildcards = new ArrayList<>();
    private final Map<WorkloadIdentity, DestinationRuleScope> scopes = new HashMap<>();

    DefinedSubsets(MeshConfig config, String clusterDomain, Callers callers) {
        this.config = config;
        this.clusterDomain = clusterDomain;
        this.callers = callers;
        rules = config.destinationRules().stream()
                .sorted(ConfigObject.OLDEST_FIRST)
                .toList();
        for (DestinationRule rule : rules) {
            String host = HostNames.resolve(rule.host(), rule.meta().namespace(), clusterDomain);
            if (host.startsWith("*")) {
                wildcards.add(rule);
            }
            byHost.computeIfAbsent(host, key -> new ArrayList<>()).add(rule);
        }
    }

    /** All rules that may concern a host, whoever sees them; oldest first. */
    List<DestinationRule> rulesFor(String host) {
        return Stream.concat(
                        byHost.getOrDefault(host, List.of()).stream(),
                        wildcards.stream()
                                .filter(rule -> ServiceName.covers(
                                        HostNames.resolve(
                                                rule.host(), rule.meta().namespace(), clusterDomain),
                                        host)))
                .distinct()
                .toList();
    }

    /** Names of all subsets that any rule gives a host. */
    static Set<String> names(List<DestinationRule> rules) {
        Set<String> names = new TreeSet<>();
        rules.forEach(rule -> rule.subsets().forEach(subset -> names.add(subset.name())));
        return names;
    }

    static boolean defines(DestinationRule rule, String name) {
        return rule.subsets().stream().map(Subset::name).anyMatch(name::equals);
    }

    /**
     * Whether a host has a subset for calls from a namespace; yes where it may have.
     *
     * @param some all rules that may concern the host
     */
    boolean isDefined(String host, String subset, String viewer, List<DestinationRule> some) {
        List<WorkloadIdentity> workloads = new ArrayList<>();
        workloads.add(callers.in(viewer));
        if (callers.areAll()) {
            // Whether a caller has the labels that a rule selects, the rules do not tell.
            some.forEach(rule -> {
                if (rule.workloadSelector() != null) {
                    workloads.add(callers.in(viewer).with(viewer, rule.workloadSelector()));
                }
            });
        }
        List<String> namespaces = serviceNamespaces(host, some);
        return workloads.stream()
                .map(this::scope)
                .anyMatch(scope -> namespaces.stream()
                        .anyMatch(namespace ->
                                scope.of(host, namespace).stream().anyMatch(rule -> defines(rule, subset))));
    }

    /** The rules that hold for a host for calls from a namespace. */
    List<DestinationRule> inForce(String host, String viewer) {
        return scope(callers.in(viewer))
                .of(host, serviceNamespaces(host, List.of()).get(0));
    }

    private DestinationRuleScope scope(WorkloadIdentity workload) {
        return scopes.computeIfAbsent(workload, key -> new DestinationRuleScope(key, rules));
    }

    /** Where a service may be: of a host that nothing describes, wherever a rule for it is. */
    List<String> serviceNamespaces(String host, List<DestinationRule> some) {
        String inCluster = ServiceName.serviceAndNamespace(host, clusterDomain);
        int dot = inCluster == null ? -1 : inCluster.indexOf('.');
        if (inCluster != null && dot > 0) {
            return List.of(inCluster.substring(dot + 1));
        }
        Set<String> namespaces = new TreeSet<>();
        for (ServiceEntry entry : config.serviceEntries()) {
            if (entry.hosts().stream().anyMatch(known -> ServiceName.covers(known.toLowerCase(Locale.ROOT), host))) {
                namespaces.add(entry.meta().namespace());
            }
        }
        if (namespaces.isEmpty()) {
            some.forEach(rule -> namespaces.add(rule.meta().namespace()));
        }
        return namespaces.isEmpty() ? List.of(Callers.OTHERS) : List.copyOf(namespaces);
    }
}
