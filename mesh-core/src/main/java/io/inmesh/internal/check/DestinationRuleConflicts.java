package io.inmesh.internal.check;

import io.inmesh.config.ConfigCheck;
import io.inmesh.internal.route.DestinationRuleScope;
import io.inmesh.internal.route.HostNames;
import io.inmesh.internal.text.MessageText;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.Origin;
import io.inmesh.model.Subset;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Subsets, policies and annotations of InMesh's own that several DestinationRules of one namespace and host have: the first counts. Rules that select
 * workloads stand by themselves and are left out.
 */
final class DestinationRuleConflicts {
    private final String clusterDomain;
    private final Callers callers;
    private final Findings findings;
    private final Map<String, Map<String, DestinationRule>> subsets = new HashMap<>();
    private final Map<String, DestinationRule> policies = new HashMap<>();
    private final Map<String, DestinationRule> hedges = new HashMap<>();
    private final Map<String, DestinationRule> breakers = new HashMap<>();

    DestinationRuleConflicts(String clusterDomain, Callers callers, Findings findings) {
        this.clusterDomain = clusterDomain;
        this.callers = callers;
        this.findings = findings;
    }

    void check(MeshConfig config) {
        config.destinationRules().stream()
                .filter(rule -> rule.workloadSelector() == null && callers.see(rule))
                .sorted(ConfigObject.OLDEST_FIRST)
                .forEach(this::check);
    }

    private void check(DestinationRule rule) {
        String host = HostNames.resolve(rule.host(), rule.meta().namespace(), clusterDomain);
        String place = rule.meta().namespace() + " " + host;
        Map<String, DestinationRule> first = subsets.computeIfAbsent(place, key -> new HashMap<>());
        for (int i = 0; i < rule.subsets().size(); i++) {
            DestinationRule winner = first.putIfAbsent(rule.subsets().get(i).name(), rule);
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
                    where(winner, rule) + "the traffic policy of " + host + " is given by " + Findings.named(winner)
                            + " already, which " + winner.precedes(rule) + ": this one is ignored",
                    "merge the two DestinationRules, or remove this policy");
        }
        if (rule.extras().hedgeAfterPercentile() != null) {
            secondAnnotation(rule, hedges.putIfAbsent(place, rule), "inmesh.io/hedge-after-percentile", host);
        }
        if (rule.extras().circuitBreaker() != null) {
            secondAnnotation(rule, breakers.putIfAbsent(place, rule), "inmesh.io/circuit-breaker", host);
        }
    }

    private void secondAnnotation(DestinationRule rule, @Nullable DestinationRule winner, String name, String host) {
        if (winner != null) {
            findings.warn(
                    ConfigCheck.CONFLICTING_DESTINATION_RULES,
                    rule,
                    "metadata.annotations[" + MessageText.quote(name) + "]",
                    where(winner, rule) + "the annotation " + name + " for " + host + " is given by "
                            + Findings.named(winner) + " already, which " + winner.precedes(rule)
                            + ": this one is ignored",
                    "merge the two DestinationRules, or remove this annotation");
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
                where(winner, rule) + "the subset " + MessageText.quote(subset.name()) + " of " + host
                        + " is defined at " + first + " already, which " + why + ": this one is ignored",
                winner == rule ? "remove one of the two" : "merge the two DestinationRules, or remove this subset");
    }

    /** Nothing where all that see the second rule see the first one too. */
    private static String where(DestinationRule winner, DestinationRule rule) {
        Set<String> both = new TreeSet<>();
        boolean alone = false;
        Set<String> viewers = new TreeSet<>(Callers.targets(rule.exportTo(), rule));
        viewers.addAll(Callers.targets(winner.exportTo(), winner));
        viewers.add(rule.meta().namespace());
        for (String viewer : viewers) {
            if (DestinationRuleScope.isVisible(rule, viewer)) {
                if (DestinationRuleScope.isVisible(winner, viewer)) {
                    both.add(viewer);
                } else {
                    alone = true;
                }
            }
        }
        return alone ? Findings.inNamespaces(both) + " " : "";
    }
}
