package io.inmesh.internal.snapshot;

import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.internal.cluster.ClusterPolicy;
import io.inmesh.internal.route.HostNames;
import io.inmesh.model.ClientTlsSettings;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.Subset;
import io.inmesh.model.TrafficPolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which DestinationRule holds for a service, as seen by the caller (Istio: push context). The caller's namespace is
 * looked at first, then the service's, then the root namespace; the first with a rule for the host has it, the most
 * specific host within it.
 */
final class DestinationRules {
    static final String ROOT_NAMESPACE = ObjectMeta.ROOT_NAMESPACE;

    private final WorkloadIdentity self;

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

    DestinationRules(WorkloadIdentity self, List<DestinationRule> rules) {
        this.self = self;
        for (DestinationRule rule : rules) {
            String namespace = rule.meta().namespace();
            // Istio's look-up in the caller's own namespace does not ask whom a rule is exported to.
            boolean visible = namespace.equals(self.namespace())
                    || HostNames.isVisible(rule.exportTo(), namespace, self.namespace());
            if (visible && selectsSelf(rule)) {
                String pattern = HostNames.resolve(rule.host(), namespace, self.clusterDomain());
                byNamespace
                        .computeIfAbsent(namespace, n -> new OfNamespace(new HashMap<>(), new HashMap<>()))
                        .add(pattern, rule);
            }
        }
    }

    /**
     * What holds for a service.
     *
     * @param names qualified names of the rules merged, for explain
     * @param policy of the oldest rule that has one
     * @param policyRule that rule, empty for none
     * @param subsets by name; of two with one name the older counts
     * @param subsetRules their rules, by their names
     */
    record Merged(
            List<String> names,
            @Nullable TrafficPolicy policy,
            String policyRule,
            Map<String, Subset> subsets,
            Map<String, String> subsetRules) {
        static final Merged NONE = new Merged(List.of(), null, "", Map.of(), Map.of());

        /** What is asked for of a cluster. */
        ClusterPolicy policy(int port, @Nullable Subset subset) {
            ClusterPolicy ofAll = ClusterPolicy.DEFAULT.overriddenBy(policy, port);
            return subset == null ? ofAll : ofAll.overriddenBy(subset.trafficPolicy(), port);
        }

        /** The same, with the rules that say so. */
        Target.Asked asked(int port, @Nullable Subset subset) {
            return new Target.Asked(names, policy(port, subset));
        }

        /**
         * Why calls are not sent to a port, null when they are: what they would be sent without is not executed.
         *
         * @param merged policy of this port and subset
         */
        @Nullable
        String refusal(int port, @Nullable Subset subset, ClusterPolicy merged) {
            ClientTlsSettings tls = merged.tls();
            TrafficPolicy own = subset == null ? null : subset.trafficPolicy();
            String ownRule = subset == null ? policyRule : subsetRules.getOrDefault(subset.name(), policyRule);
            if (tls != null && tls.mode() != ClientTlsSettings.Mode.DISABLE) {
                return refusal(tls == policy(port, null).tls() ? policyRule : ownRule, "tls.mode " + tls.mode());
            }
            if (own != null && (own.tunnel() != null || own.proxyProtocol() != null)) {
                return refusal(ownRule, own.tunnel() != null ? "tunnel" : "proxyProtocol");
            }
            if (policy != null && (policy.tunnel() != null || policy.proxyProtocol() != null)) {
                return refusal(policyRule, policy.tunnel() != null ? "tunnel" : "proxyProtocol");
            }
            return null;
        }

        private static String refusal(String rule, String field) {
            return "DestinationRule " + rule + " asks for " + field
                    + ", which this version of InMesh does not execute, and without it no call is sent";
        }
    }

    Merged forService(ServiceEndpoints service) {
        String host = service.service().host();
        Merged own = inNamespace(self.namespace(), host);
        if (own != null) {
            return own;
        }
        Merged services = inNamespace(service.namespace(), host);
        if (services != null) {
            return services;
        }
        Merged root = inNamespace(ROOT_NAMESPACE, host);
        return root == null ? Merged.NONE : root;
    }

    private @Nullable Merged inNamespace(String namespace, String host) {
        OfNamespace rules = byNamespace.get(namespace);
        List<DestinationRule> covering = rules == null ? null : rules.covering(host);
        return covering == null ? null : merge(covering);
    }

    private boolean selectsSelf(DestinationRule rule) {
        return rule.workloadSelector() == null
                || self.labels().entrySet().containsAll(rule.workloadSelector().entrySet());
    }

    private static Merged merge(List<DestinationRule> candidates) {
        // A rule that selects this workload stands by itself, before those for everybody.
        List<DestinationRule> selected = candidates.stream()
                .filter(rule -> rule.workloadSelector() != null)
                .toList();
        List<DestinationRule> used = selected.isEmpty() ? candidates : selected;
        TrafficPolicy policy = null;
        String policyRule = "";
        Map<String, String> subsetRules = new HashMap<>();
        Map<String, Subset> subsets = new LinkedHashMap<>();
        List<String> names = new ArrayList<>();
        for (DestinationRule rule : used) {
            String name = rule.meta().qualifiedName();
            names.add(name);
            if (policy == null && rule.trafficPolicy() != null) {
                policy = rule.trafficPolicy();
                policyRule = name;
            }
            for (Subset subset : rule.subsets()) {
                subsets.putIfAbsent(subset.name(), subset);
                subsetRules.putIfAbsent(subset.name(), name);
            }
        }
        return new Merged(List.copyOf(names), policy, policyRule, subsets, subsetRules);
    }
}
