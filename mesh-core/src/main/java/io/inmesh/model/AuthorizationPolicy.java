package io.inmesh.model;

import java.util.List;

/**
 * Who may do what with a workload (Istio: security.istio.io AuthorizationPolicy).
 *
 * <p>A policy that cannot be read, and a RequestAuthentication that cannot, has one that stands in for it ({@link
 * #isStandIn}) until a version comes that can be read: nothing is let in because of what is not known.
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
    /** What the name of a policy begins with that stands in for a RequestAuthentication; no object has such a name. */
    public static final String STANDS_FOR = "RequestAuthentication/";

    public AuthorizationPolicy {
        rules = List.copyOf(rules);
    }

    /** Whether it stands in for a policy that cannot be read: it refuses all that that one may refuse. */
    public boolean isStandIn() {
        return meta.skipped().stream().anyMatch(field -> field.path().equals("spec"));
    }

    /** What becomes of a request that a rule matches. */
    public enum Action {
        /** It is let in; where there is such a policy, nothing else is. */
        ALLOW,
        /** It is refused. */
        DENY,
        /** It is noted down. */
        AUDIT,
        /** Somebody else is asked, in Istio; InMesh asks nobody and refuses it. */
        CUSTOM
    }
}
