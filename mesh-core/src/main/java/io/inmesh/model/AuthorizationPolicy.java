package io.inmesh.model;

import java.util.List;

/**
 * Who may do what with a workload (Istio: security.istio.io AuthorizationPolicy).
 *
 * @param meta name, namespace and place
 * @param workloads whom it protects, in its namespace, or everywhere when that is the root namespace
 * @param action what becomes of a request that a rule matches
 * @param rules a request matches the policy when it matches one; none matches where there are none
 * @param dryRun whether its verdict is only told
 */
public record AuthorizationPolicy(
        ObjectMeta meta, WorkloadMatch workloads, Action action, List<AuthorizationRule> rules, boolean dryRun)
        implements ConfigObject {
    public AuthorizationPolicy {
        rules = List.copyOf(rules);
    }

    /** What becomes of a request that a rule matches. */
    public enum Action {
        /** It is let in; where there is such a policy, nothing else is. */
        ALLOW,
        /** It is refused. */
        DENY,
        /** It is noted down. */
        AUDIT,
        /** Somebody else is asked. */
        CUSTOM
    }
}
