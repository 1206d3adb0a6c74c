package io.inmesh.internal.check;

import io.inmesh.config.ConfigCheck;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.internal.check.RouteUsers.Way;
import io.inmesh.internal.route.DestinationRuleScope;
import io.inmesh.internal.route.HostNames;
import io.inmesh.internal.text.MessageText;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.VirtualService;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Destinations with a subset that no DestinationRule defines, or none that holds for those who call. */
final class SubsetChecks {
    private final Callers callers;
    private final RefusedRules refused;
    private final String unless;
    private final Findings findings;
    private final DefinedSubsets subsets;

    /** @param unless what is said where another file may have the subset, empty where none can */
    SubsetChecks(
            MeshConfig config,
            String clusterDomain,
            Callers callers,
            RefusedRules refused,
            String unless,
            Findings findings) {
        this.callers = callers;
        this.refused = refused;
        this.unless = unless;
        this.findings = findings;
        this.subsets = new DefinedSubsets(config, clusterDomain, callers);
    }

    /** @param host full name that the destination stands for */
    void check(DestinationUse use, String host) {
        String subset = use.subset();
        if (subset == null || refused.definesSubset(host, subset)) {
            return;
        }
        DefinedSubsets.OfHost defined = subsets.of(host);
        Set<String> known = defined.names();
        if (!known.contains(subset)) {
            warn(
                    Severity.WARNING,
                    use,
                    "no DestinationRule defines the subset " + MessageText.quote(subset) + " of " + host + ": "
                            + use.consequence() + unless,
                    known.isEmpty()
                            ? "add a DestinationRule for the host with this subset"
                            : MessageText.didYouMean(subset, known, "known are " + String.join(", ", known)));
        } else if (!use.isOfGatewaysOnly()) {
            List<String> without = new ArrayList<>();
            for (String viewer : callers.among(viewers(use.ways(), defined.rules))) {
                if (!defined.isDefined(subset, viewer)) {
                    without.add(viewer);
                }
            }
            hidden(use, host, subset, without, defined);
        }
    }

    /** The namespaces from which a route is known to be used; where it is for all, the others are one. */
    private static Set<String> viewers(List<Way> ways, List<DestinationRule> rules) {
        Set<String> viewers = new TreeSet<>();
        for (Way way : ways) {
            VirtualService root = way.root();
            @Nullable Set<String> only = way.namespaces();
            if (only == null) {
                viewers.addAll(Callers.targets(root.exportTo(), root));
            }
            for (String likely : only == null ? likely(root, rules) : only) {
                if (HostNames.isVisible(root.exportTo(), root.meta().namespace(), likely)) {
                    viewers.add(likely);
                }
            }
        }
        return viewers;
    }

    private static Set<String> likely(VirtualService root, List<DestinationRule> rules) {
        Set<String> likely = new TreeSet<>();
        likely.add(root.meta().namespace());
        // The root namespace's rules are for the callers of others.
        rules.stream()
                .map(rule -> rule.meta().namespace())
                .filter(namespace -> !namespace.equals(ObjectMeta.ROOT_NAMESPACE))
                .forEach(likely::add);
        return likely;
    }

    private void hidden(
            DestinationUse use, String host, String subset, List<String> without, DefinedSubsets.OfHost defined) {
        List<String> named = without.stream()
                .filter(viewer -> !viewer.equals(Callers.OTHERS))
                .toList();
        if (without.isEmpty()) {
            return;
        }
        DestinationRule definer = defined.rules.stream()
                .filter(rule -> DefinedSubsets.defines(rule, subset))
                .findFirst()
                .orElseThrow();
        String viewer = named.isEmpty() ? Callers.OTHERS : named.get(0);
        List<DestinationRule> inForce = defined.inForce(viewer);
        String what;
        String fix;
        String consulted = String.join(" and ", defined.serviceNamespaces);
        if (!inForce.isEmpty()) {
            what = Findings.named(inForce.get(0)) + " holds there, which has no subset " + MessageText.quote(subset);
            fix = "add the subset to " + inForce.get(0).meta().qualifiedName();
        } else if (!DestinationRuleScope.isVisible(definer, viewer)) {
            what = Findings.named(definer) + " is not exported to " + (named.isEmpty() ? "them" : viewer);
            fix = named.isEmpty()
                    ? "remove exportTo from " + definer.meta().qualifiedName()
                            + ", or export this rule to the same namespaces only"
                    : "add " + viewer + " to the exportTo of " + definer.meta().qualifiedName();
        } else {
            what = Findings.named(definer) + " holds for calls from its own namespace alone, the service is of "
                    + consulted;
            fix = named.isEmpty()
                    ? "move it to namespace " + defined.serviceNamespaces.get(0)
                            + ", or write exportTo: [.] in this rule"
                    : "add a DestinationRule with the subset to namespace " + viewer;
        }
        warn(
                named.isEmpty() ? Severity.NOTE : Severity.WARNING,
                use,
                (named.isEmpty() ? "in other namespaces" : Findings.inNamespaces(named))
                        + " no DestinationRule defines the subset " + MessageText.quote(subset) + " of " + host + ": "
                        + what + "; " + use.consequence() + unless,
                fix);
    }

    private void warn(Severity severity, DestinationUse use, String message, String fix) {
        findings.add(
                ConfigCheck.SUBSET_NOT_FOUND,
                severity,
                use.object(),
                use.path() + ".subset",
                use.originOf(".subset"),
                message,
                fix);
    }
}
