package io.inmesh.internal.check;

import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.internal.route.DestinationRuleScope;
import io.inmesh.internal.route.HostNames;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.ServiceEntry;
import io.inmesh.model.Subset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which subsets a host has, and for whose calls. */
final class DefinedSubsets {
    private final String clusterDomain;
    private final Callers callers;
    private final Map<String, List<DestinationRule>> byHost = new HashMap<>();
    private final Map<String, List<DestinationRule>> byWildcard = new HashMap<>();

    /** Namespaces of the ServiceEntries of a host. */
    private final Map<String, Set<String>> entries = new HashMap<>();

    private final Map<String, Set<String>> wildcardEntries = new HashMap<>();

    DefinedSubsets(MeshConfig config, String clusterDomain, Callers callers) {
        this.clusterDomain = clusterDomain;
        this.callers = callers;
        config.destinationRules().stream().sorted(ConfigObject.OLDEST_FIRST).forEach(rule -> {
            String host = HostNames.resolve(rule.host(), rule.meta().namespace(), clusterDomain);
            (host.startsWith("*") ? byWildcard : byHost)
                    .computeIfAbsent(host, key -> new ArrayList<>())
                    .add(rule);
        });
        for (ServiceEntry entry : config.serviceEntries()) {
            for (String written : entry.hosts()) {
                String host = written.toLowerCase(Locale.ROOT);
                (host.startsWith("*") ? wildcardEntries : entries)
                        .computeIfAbsent(host, key -> new TreeSet<>())
                        .add(entry.meta().namespace());
            }
        }
    }

    static boolean defines(DestinationRule rule, String name) {
        return rule.subsets().stream().map(Subset::name).anyMatch(name::equals);
    }

    /** What is known of a host. */
    OfHost of(String host) {
        return new OfHost(host);
    }

    /** The subsets of one host. */
    final class OfHost {
        /** All rules that may concern the host, whoever sees them. */
        final List<DestinationRule> rules;

        /** Where the service may be: of a host that nothing describes, wherever a rule for it is. */
        final List<String> serviceNamespaces;

        private final String host;
        private final Map<String, List<DestinationRule>> byNamespace;

        private OfHost(String host) {
            this.host = host;
            rules = Stream.concat(
                            byHost.getOrDefault(host, List.of()).stream(),
                            byWildcard.entrySet().stream()
                                    .filter(pattern -> ServiceName.covers(pattern.getKey(), host))
                                    .flatMap(pattern -> pattern.getValue().stream()))
                    .sorted(ConfigObject.OLDEST_FIRST)
                    .toList();
            byNamespace = rules.stream()
                    .collect(Collectors.groupingBy(rule -> rule.meta().namespace()));
            serviceNamespaces = serviceNamespaces();
        }

        /** Names of all subsets that any rule gives the host. */
        Set<String> names() {
            Set<String> names = new TreeSet<>();
            rules.forEach(rule -> rule.subsets().forEach(subset -> names.add(subset.name())));
            return names;
        }

        /** Whether the host has a subset for calls from a namespace; yes where it may have. */
        boolean isDefined(String subset, String viewer) {
            return serviceNamespaces.stream().anyMatch(namespace -> isDefined(subset, viewer, namespace));
        }

        private boolean isDefined(String subset, String viewer, String serviceNamespace) {
            List<DestinationRule> consulted = consulted(viewer, serviceNamespace);
            List<WorkloadIdentity> workloads = new ArrayList<>();
            workloads.add(callers.in(viewer));
            if (callers.areAll()) {
                // Whether a caller has the labels that a rule selects, the rules do not tell.
                consulted.forEach(rule -> {
                    if (rule.workloadSelector() != null) {
                        workloads.add(callers.in(viewer).with(viewer, rule.workloadSelector()));
                    }
                });
            }
            return workloads.stream()
                    .anyMatch(workload -> new DestinationRuleScope(workload, consulted)
                            .of(host, serviceNamespace).stream().anyMatch(rule -> defines(rule, subset)));
        }

        /** The rules that hold for the host for calls from a namespace. */
        List<DestinationRule> inForce(String viewer) {
            String namespace = serviceNamespaces.get(0);
            return new DestinationRuleScope(callers.in(viewer), consulted(viewer, namespace)).of(host, namespace);
        }

        /** Rules of the namespaces that are looked at for calls of a viewer. */
        private List<DestinationRule> consulted(String viewer, String serviceNamespace) {
            return Stream.of(viewer, serviceNamespace, ObjectMeta.ROOT_NAMESPACE)
                    .distinct()
                    .flatMap(namespace -> byNamespace.getOrDefault(namespace, List.of()).stream())
                    .toList();
        }

        private List<String> serviceNamespaces() {
            String inCluster = ServiceName.serviceAndNamespace(host, clusterDomain);
            int dot = inCluster == null ? -1 : inCluster.indexOf('.');
            if (inCluster != null && dot > 0) {
                return List.of(inCluster.substring(dot + 1));
            }
            Set<String> namespaces = new TreeSet<>(entries.getOrDefault(host, Set.of()));
            namespaces.addAll(wildcardEntries.getOrDefault(host, Set.of()));
            wildcardEntries.forEach((pattern, some) -> {
                if (ServiceName.covers(pattern, host)) {
                    namespaces.addAll(some);
                }
            });
            if (namespaces.isEmpty()) {
                namespaces.addAll(byNamespace.keySet());
            }
            return namespaces.isEmpty() ? List.of(Callers.OTHERS) : List.copyOf(namespaces);
        }
    }
}
