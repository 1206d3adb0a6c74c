package io.inmesh.internal.check;

import io.inmesh.endpoint.ServiceName;
import io.inmesh.internal.manifest.RuleManifest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BinaryOperator;

/** Names in rules that were refused: what they define is not missing. */
final class RefusedRules {
    /** None were. */
    static final RefusedRules NONE = new RefusedRules(List.of(), (host, namespace) -> host);

    private final Set<String> names = new HashSet<>();
    private final Set<List<String>> subsets = new HashSet<>();

    /** @param full the full name of a host in a rule of a namespace */
    RefusedRules(List<RuleManifest> rules, BinaryOperator<String> full) {
        for (RuleManifest rule : rules) {
            names.add(rule.kind() + " " + rule.meta().qualifiedName());
            if (rule.kind().equals("DestinationRule")) {
                for (String host : rule.hosts()) {
                    String name = full.apply(host, rule.meta().namespace());
                    rule.subsets().forEach(subset -> subsets.add(List.of(name, subset)));
                }
            }
        }
    }

    boolean has(String kind, String qualifiedName) {
        return names.contains(kind + " " + qualifiedName);
    }

    /** @param host full name, written without a wildcard or just as it is in the rule */
    boolean definesSubset(String host, String subset) {
        return subsets.contains(List.of(host, subset))
                || subsets.stream()
                        .anyMatch(known -> known.get(1).equals(subset)
                                && known.get(0).startsWith("*")
                                && ServiceName.covers(known.get(0), host));
    }
}
