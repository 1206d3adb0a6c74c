package io.inmesh.servlet.internal.authorization;

import io.inmesh.model.AuthorizationPolicy;
import io.inmesh.model.AuthorizationPolicy.Action;
import io.inmesh.servlet.internal.arrival.Arrival;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The AuthorizationPolicies of one workload, made ready to be asked (Istio: security/v1beta1/authorization_policy.proto).
 * CUSTOM comes first and refuses what it matches, since nobody is asked; then DENY; then, where there are policies of
 * action ALLOW, one of them has to match. Immutable and thread-safe.
 */
public final class Authorization {
    private final List<Policy> refusing;
    private final List<Policy> allowing;
    private final List<Policy> telling;
    private final boolean anyAllows;
    private final Set<String> headers = new TreeSet<>();
    private final PolicyListener listener;

    /**
     * A policy with its conditions.
     *
     * @param matches whether a rule matches
     */
    private record Policy(String name, Action action, boolean dryRun, Condition matches, Ruling ruling) {}

    /**
     * Compiles policies.
     *
     * @param decodedPaths whether paths of requests have their escapes decoded
     */
    public Authorization(List<AuthorizationPolicy> policies, boolean decodedPaths, PolicyListener listener) {
        this.listener = listener;
        List<Policy> custom = new ArrayList<>();
        List<Policy> deny = new ArrayList<>();
        List<Policy> allow = new ArrayList<>();
        List<Policy> tell = new ArrayList<>();
        for (AuthorizationPolicy policy : policies) {
            Policy compiled = compile(policy, decodedPaths);
            if (policy.dryRun()) {
                tell.add(compiled);
                continue;
            }
            switch (policy.action()) {
                case CUSTOM -> custom.add(compiled);
                case DENY -> deny.add(compiled);
                case ALLOW -> allow.add(compiled);
                case AUDIT -> tell.add(compiled);
            }
        }
        custom.addAll(deny);
        refusing = List.copyOf(custom);
        allowing = List.copyOf(allow);
        telling = List.copyOf(tell);
        anyAllows = !allow.isEmpty();
    }

    /** Says whether a request comes in, and tells the listener of policies that only watch. */
    public Ruling judge(Arrival arrival) {
        for (Policy policy : telling) {
            if (policy.matches.holds(arrival)) {
                listener.matched(policy.name, policy.action.name(), policy.dryRun, arrival);
            }
        }
        for (Policy policy : refusing) {
            if (policy.matches.holds(arrival)) {
                return policy.ruling;
            }
        }
        if (!anyAllows) {
            return Ruling.ALLOWED;
        }
        for (Policy policy : allowing) {
            if (policy.matches.holds(arrival)) {
                return policy.ruling;
            }
        }
        return Ruling.NOT_LISTED;
    }

    /** Names of the headers that policies look at, in lower case. */
    public Set<String> headers() {
        return headers;
    }

    private Policy compile(AuthorizationPolicy policy, boolean decodedPaths) {
        PolicyCompiler compiler = new PolicyCompiler(policy, decodedPaths);
        List<Condition> rules = policy.rules().stream().map(compiler::compile).toList();
        headers.addAll(compiler.headers());
        String name = policy.meta().namespace() + "/" + policy.meta().name();
        return new Policy(
                name,
                policy.action(),
                policy.dryRun(),
                Condition.any(rules),
                new Ruling(policy.action() == Action.ALLOW, "policy " + name + " of action " + policy.action()));
    }
}
