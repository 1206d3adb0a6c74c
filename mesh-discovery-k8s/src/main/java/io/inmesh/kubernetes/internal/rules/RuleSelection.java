package io.inmesh.kubernetes.internal.rules;

import java.util.List;

/**
 * Which rules are read.
 *
 * @param kinds in the order in which problems are told
 * @param namespaces empty for all
 * @param ownNamespace read where all are wanted and forbidden
 */
public record RuleSelection(List<RuleResource> kinds, List<String> namespaces, String ownNamespace) {
    public RuleSelection {
        kinds = List.copyOf(kinds);
        namespaces = List.copyOf(namespaces);
    }
}
