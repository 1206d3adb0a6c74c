package io.inmesh.internal.snapshot;

import io.inmesh.call.CircuitBreakers;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.internal.cluster.ClusterPolicy;
import io.inmesh.internal.route.DestinationRuleScope;
import io.inmesh.model.ClientTlsSettings;
import io.inmesh.model.DestinationExtras;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.Subset;
import io.inmesh.model.TrafficPolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the DestinationRules of {@link DestinationRuleScope} add up to for a service. */
final class DestinationRules {
    private final DestinationRuleScope scope;
    private final @Nullable CircuitBreakers breakers;

    /** @param breakers of the application; null for none */
    DestinationRules(WorkloadIdentity self, List<DestinationRule> rules, @Nullable CircuitBreakers breakers) {
        this.scope = new DestinationRuleScope(self, rules);
        this.breakers = breakers;
    }

    /**
     * What holds for a service.
     *
     * @param names qualified names of the rules merged, for explain
     * @param policy of the oldest rule that has one
     * @param policyRule that rule, empty for none
     * @param subsets by name; of two with one name the older counts
     * @param subsetRules their rules, by their names
     * @param extras each of the oldest rule that asks for it
     * @param breaker that the extras name; null where they name none, or there are none
     */
    record Merged(
            List<String> names,
            @Nullable TrafficPolicy policy,
            String policyRule,
            Map<String, Subset> subsets,
            Map<String, String> subsetRules,
            DestinationExtras extras,
            @Nullable DestinationBreaker breaker) {
        static final Merged NONE = new Merged(List.of(), null, "", Map.of(), Map.of(), DestinationExtras.NONE, null);

        /** What is asked for of a cluster. */
        ClusterPolicy policy(int port, @Nullable Subset subset) {
            ClusterPolicy ofAll = ClusterPolicy.DEFAULT.withExtras(extras).overriddenBy(policy, port);
            return subset == null ? ofAll : ofAll.overriddenBy(subset.trafficPolicy(), port);
        }

        /** The same, with the rules that say so. */
        Target.Asked asked(int port, @Nullable Subset subset) {
            return new Target.Asked(names, policy(port, subset), breaker);
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
        List<DestinationRule> rules = scope.of(service.service().host(), service.namespace());
        return rules.isEmpty() ? Merged.NONE : merge(rules);
    }

    private Merged merge(List<DestinationRule> rules) {
        TrafficPolicy policy = null;
        String policyRule = "";
        Map<String, String> subsetRules = new HashMap<>();
        Map<String, Subset> subsets = new LinkedHashMap<>();
        List<String> names = new ArrayList<>();
        DestinationExtras extras = DestinationExtras.NONE;
        for (DestinationRule rule : rules) {
            String name = rule.meta().qualifiedName();
            names.add(name);
            extras = extras.or(rule.extras());
            if (policy == null && rule.trafficPolicy() != null) {
                policy = rule.trafficPolicy();
                policyRule = name;
            }
            for (Subset subset : rule.subsets()) {
                subsets.putIfAbsent(subset.name(), subset);
                subsetRules.putIfAbsent(subset.name(), name);
            }
        }
        return new Merged(List.copyOf(names), policy, policyRule, subsets, subsetRules, extras, breaker(extras));
    }

    private @Nullable DestinationBreaker breaker(DestinationExtras extras) {
        String name = extras.circuitBreaker();
        return name == null || breakers == null ? null : new DestinationBreaker(name, breakers);
    }
}
