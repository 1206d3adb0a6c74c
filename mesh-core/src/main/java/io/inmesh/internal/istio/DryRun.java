package io.inmesh.internal.istio;

import io.inmesh.internal.text.Message;
import io.inmesh.internal.text.MessageText;
import io.inmesh.internal.text.Place;
import io.inmesh.internal.text.ProblemList;
import io.inmesh.model.ObjectMeta;
import java.util.Map;
import java.util.Set;

/** The annotation by which an AuthorizationPolicy only tells what it would do. Istio knows it for no other kind. */
final class DryRun {
    private static final String ANNOTATION = "istio.io/dry-run";

    /** What Go reads as a boolean. */
    private static final Set<String> ON = Set.of("1", "t", "T", "true", "TRUE", "True");

    private static final Set<String> OFF = Set.of("0", "f", "F", "false", "FALSE", "False");

    private DryRun() {}

    /** Whether the verdict of a policy, whose annotation is checked, is only told. */
    static boolean isOn(ObjectMeta meta) {
        return ON.contains(meta.annotations().getOrDefault(ANNOTATION, ""));
    }

    /** @param places of the annotations' values */
    static void check(RuleKind kind, ObjectMeta meta, Message spec, Map<String, Place> places, ProblemList problems) {
        String value = meta.annotations().get(ANNOTATION);
        if (value == null) {
            return;
        }
        Place at = places.getOrDefault(ANNOTATION, spec.place().beside("metadata"));
        String action = kind == RuleKind.AUTHORIZATION_POLICY ? AuthorizationPolicyRules.action(spec) : "";
        if (action.isEmpty()) {
            problems.error(
                    at,
                    "the annotation " + ANNOTATION + " is not supported here",
                    "remove it to have the rule in force; there are no dry runs of this kind");
        } else if (!Set.of("ALLOW", "DENY").contains(action)) {
            problems.error(
                    at,
                    "there are no dry runs of action " + action,
                    "remove the annotation " + ANNOTATION + ", or write action: ALLOW or DENY");
        } else if (!ON.contains(value) && !OFF.contains(value)) {
            problems.error(
                    at,
                    MessageText.quote(value) + " says neither whether " + ANNOTATION + " is on nor that it is off",
                    "write \"true\" or \"false\", in quotes");
        }
    }
}
