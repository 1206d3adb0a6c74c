package io.inmesh.internal.route;

import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.ObjectMeta;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which DestinationRules hold for a service, as seen by a caller (Istio: push context). The caller's namespace is looked at
 * first, then the service's, then the root namespace; the first with a rule for the host has it, the most specific host
 * within it. Immutable.
 */
public final class DestinationRuleScope {
    private final WorkloadIdentity caller;

    private final Map<String, OfNamespace> byNamespace = new HashMap<>();

    /**
     * Rules of one namespace that concern the caller, oldest first.
     *
     * @param byName by full name of the service
     * @param byWildcard by {@code *.suffix}
     */
    private record OfNamespace(
            Map<String, List<DestinationRule>> byName, Map<String, List<DestinationRule>> byWildcard) {
        void add(String pattern, DestinationRule rule) {
            (pattern.startsWith("*") ? byWildcard : byName)
                    .computeIfAbsent(pattern, p -> new ArrayList<>())
                    .add(rule);
        }

        /** Those of the most specific pattern that covers a host, null when none does. */
        @Nullable
        List<DestinationRule> covering(String host) {
            List<DestinationRule> named = byName.get(host);
            if (named != null) {
                return named;
            }
            String longest = null;
            for (String pattern : byWildcard.keySet()) {
                if (ServiceName.covers(pattern, host) && (longest == null || pattern.length() > longest.length())) {
                    longest = pattern;
                }
            }
            return longest == null ? null : byWildcard.get(longest);
        }
    }

    /**
     * Looks at rules for a caller.
     *
     * @param rules all there are, oldest first
     */
    public DestinationRuleScope(WorkloadIdentity caller, List<DestinationRule> rules) {
        this.caller = caller;
        for (DestinationRule rule : rules) {
            if (isVisible(rule, caller.namespace()) && selectsCaller(rule)) {
                String namespace = rule.meta().namespace();
                String pattern = HostNames.resolve(rule.host(), namespace, caller.clusterDomain());
                byNamespace
                        .computeIfAbsent(namespace, n -> new OfNamespace(new HashMap<>(), new HashMap<>()))
                        .add(pattern, rule);
            }
        }
    }

    /** Whether callers of a namespace see a rule. */
    public static boolean isVisible(DestinationRule rule, String viewer) {
        String namespace = rule.meta().namespace();
        // Istio's look-up in the caller's own namespace does not ask whom a rule is exported to.
        return namespace.equals(viewer) || HostNames.isVisible(rule.exportTo(), namespace, viewer);
    }

    /**
     * The rules that hold for a service together, oldest first; none where no namespace has any.
     *
     * @param host full name
     * @param serviceNamespace of the service
     */
    public List<DestinationRule> of(String host, String serviceNamespace) {
        for (String namespace : List.of(caller.namespace(), serviceNamespace, ObjectMeta.ROOT_NAMESPACE)) {
            OfNamespace rules = byNamespace.get(namespace);
            List<DestinationRule> covering = rules == null ? null : rules.covering(host);
            if (covering != null) {
                return selected(covering);
            }
        }
        return List.of();
    }

    /** A rule that selects this workload stands by itself, before those for everybody. */
    private static List<DestinationRule> selected(List<DestinationRule> candidates) {
        List<DestinationRule> selected = candidates.stream()
                .filter(rule -> rule.workloadSelector() != null)
                .toList();
        return selected.isEmpty() ? candidates : selected;
    }

    private boolean selectsCaller(DestinationRule rule) {
        return rule.workloadSelector() == null
                || caller.labels()
                        .entrySet()
                        .containsAll(rule.workloadSelector().entrySet());
    }
}
