package io.inmesh.model;

import java.util.List;

/**
 * Whose tokens a workload believes (Istio: security.istio.io RequestAuthentication).
 *
 * @param meta name, namespace and place
 * @param workloads whom it concerns, in its namespace, or everywhere when that is the root namespace
 * @param jwtRules an issuer each
 */
public record RequestAuthentication(ObjectMeta meta, WorkloadMatch workloads, List<JwtRule> jwtRules)
        implements ConfigObject {
    public RequestAuthentication {
        jwtRules = List.copyOf(jwtRules);
    }
}
