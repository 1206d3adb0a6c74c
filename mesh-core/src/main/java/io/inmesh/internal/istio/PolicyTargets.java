package io.inmesh.internal.istio;

import io.inmesh.internal.text.Message;
import io.inmesh.internal.text.MessageText;
import io.inmesh.model.WorkloadMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Whom a policy is for: labels of workloads, or references that take their place. */
final class PolicyTargets {
    private static final Set<String> KINDS = Set.of(
            "/Service",
            "core/Service",
            "networking.istio.io/ServiceEntry",
            "gateway.networking.k8s.io/Gateway",
            "gateway.networking.k8s.io/GatewayClass");

    /** Fields of a policy that say whom it is for. */
    static final List<String> FIELDS = List.of("selector", "targetRef", "targetRefs");

    private PolicyTargets() {}

    /** What Istio requires of them (pkg/config/validation: validateOneOfSelectorType and what it stands beside). */
    static void check(Message spec, RuleChecks checks) {
        List<String> given =
                FIELDS.stream().filter(field -> isGiven(spec, field)).toList();
        if (given.size() > 1) {
            checks.error(
                    spec.place(given.get(1)), String.join(" and ", given) + " exclude each other", "keep one of them");
        }
        Message selector = spec.message("selector");
        if (selector != null) {
            checks.selector(selector, "matchLabels");
        }
        references(spec).forEach(reference -> reference(reference, checks));
    }

    static WorkloadMatch match(Message spec) {
        Message selector = spec.message("selector");
        List<String> targets = references(spec).stream()
                .map(reference -> reference.string("kind") + "/" + reference.string("name"))
                .toList();
        return new WorkloadMatch(selector == null ? Map.of() : selector.stringMap("matchLabels"), targets);
    }

    private static boolean isGiven(Message spec, String field) {
        return field.equals("targetRefs") ? !spec.list(field).isEmpty() : spec.has(field);
    }

    private static List<Message> references(Message spec) {
        List<Message> references = new ArrayList<>(spec.messages("targetRefs"));
        Message single = spec.message("targetRef");
        return single == null
                ? references
                : Stream.concat(Stream.of(single), references.stream()).toList();
    }

    private static void reference(Message reference, RuleChecks checks) {
        if (reference.string("name").isEmpty()) {
            checks.error(reference.place("name"), "the reference has no name", "add the name of what it refers to");
        }
        if (!reference.string("namespace").isEmpty()) {
            checks.error(
                    reference.place("namespace"),
                    "a policy is for what is in its own namespace, references have none",
                    "remove it");
        }
        String kind = reference.string("group") + "/" + reference.string("kind");
        if (!KINDS.contains(kind)) {
            checks.error(
                    reference.place("kind"),
                    MessageText.quote(kind) + " is not a kind that a policy can be for",
                    "write kind Service, ServiceEntry of networking.istio.io, or Gateway or GatewayClass of"
                            + " gateway.networking.k8s.io");
        }
    }
}
