package io.inmesh.internal.istio;

import io.inmesh.internal.text.Message;
import io.inmesh.model.AuthorizationPolicy;
import io.inmesh.model.AuthorizationPolicy.Action;
import io.inmesh.model.AuthorizationRule;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.Origin;
import io.inmesh.model.SkippedField;
import io.inmesh.model.WorkloadMatch;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The policy that stands in for one of which something is not known: it refuses whatever that one may refuse, whatever the
 * unknown part says. So an unknown field lets nothing in.
 */
final class ClosedPolicy {
    private static final String CONSEQUENCE =
            "not all of the policy can be read, and all requests that it may refuse are refused";

    private ClosedPolicy() {}

    /** For an object of which no more is known than where it is: every request is refused. */
    static AuthorizationPolicy ofUnknown(ObjectMeta meta) {
        return closed(unreadable(meta), WorkloadMatch.ALL, Action.DENY);
    }

    /**
     * For an object that has been read in part.
     *
     * @param errorPaths of what could not be read or is not valid; null where they are not known
     * @return null for a policy that refuses nothing: an audit, or a dry run
     */
    static @Nullable AuthorizationPolicy of(
            RuleKind kind, ObjectMeta meta, Message spec, @Nullable List<String> errorPaths) {
        Unknown unknown = new Unknown(spec, errorPaths);
        boolean actionKnown = kind == RuleKind.AUTHORIZATION_POLICY && unknown.knows("action");
        Action action = actionKnown ? Action.valueOf(AuthorizationPolicyRules.action(spec)) : Action.DENY;
        boolean dryRun = actionKnown && DryRun.isOn(meta) && action != Action.CUSTOM;
        if (action == Action.AUDIT || dryRun) {
            return null;
        }
        boolean targetsKnown = PolicyTargets.FIELDS.stream().noneMatch(unknown::isBroken);
        ObjectMeta named = kind == RuleKind.AUTHORIZATION_POLICY ? meta : standingFor(meta);
        return closed(
                unknown.nothing() ? named : unreadable(named),
                targetsKnown ? PolicyTargets.match(spec) : WorkloadMatch.ALL,
                action);
    }

    private static ObjectMeta standingFor(ObjectMeta authentication) {
        return ObjectMeta.builder(authentication.namespace(), AuthorizationPolicy.STANDS_FOR + authentication.name())
                .creationTimestamp(authentication.creationTimestamp())
                .origin(authentication.origin())
                .skipped(authentication.skipped())
                .build();
    }

    private static ObjectMeta unreadable(ObjectMeta meta) {
        return meta.withSkipped(List.of(new SkippedField("spec", meta.origin(), true, CONSEQUENCE)));
    }

    /** One of action ALLOW without rules lets nothing in by itself, and leaves to others what they let in. */
    private static AuthorizationPolicy closed(ObjectMeta meta, WorkloadMatch workloads, Action action) {
        Origin origin = meta.origin();
        List<AuthorizationRule> rules = action == Action.ALLOW
                ? List.of()
                : List.of(new AuthorizationRule(List.of(), List.of(), List.of(), origin));
        return new AuthorizationPolicy(meta, workloads, action, rules, false);
    }

    /** What of a spec is not known. */
    private record Unknown(Message spec, @Nullable List<String> errorPaths) {
        boolean nothing() {
            return errorPaths != null && errorPaths.isEmpty();
        }

        /** A field that is not written is not known where another stands that nobody knows: it may be misspelt. */
        boolean knows(String field) {
            return !isBroken(field) && (spec.has(field) || errors().noneMatch(this::isUnknownField));
        }

        boolean isBroken(String field) {
            String path = spec.place(field).path();
            return errorPaths == null || errors().anyMatch(error -> isIn(error, path));
        }

        private Stream<String> errors() {
            return errorPaths == null ? Stream.empty() : errorPaths.stream();
        }

        private boolean isUnknownField(String error) {
            String path = spec.place().path();
            if (error.equals(path) || !isIn(error, path)) {
                return !error.contains("metadata");
            }
            return spec.type().fieldNames().stream()
                    .noneMatch(known -> isIn(error, spec.place(known).path()));
        }

        private static boolean isIn(String error, String path) {
            return error.equals(path) || error.startsWith(path + ".") || error.startsWith(path + "[");
        }
    }
}
