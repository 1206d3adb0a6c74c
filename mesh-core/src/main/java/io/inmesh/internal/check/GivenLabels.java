package io.inmesh.internal.check;

import java.util.Set;

/** Labels that no file tells of. */
public final class GivenLabels {
    /** Labels that endpoints get from their Node, cluster or controller, of which files do not tell. */
    public static final Set<String> NAMES = Set.of(
            "topology.kubernetes.io/region",
            "topology.kubernetes.io/zone",
            "topology.istio.io/subzone",
            "topology.istio.io/cluster",
            "topology.istio.io/network",
            "failure-domain.beta.kubernetes.io/region",
            "failure-domain.beta.kubernetes.io/zone",
            "kubernetes.io/hostname",
            "pod-template-hash",
            "rollouts-pod-template-hash",
            "controller-revision-hash",
            "statefulset.kubernetes.io/pod-name",
            "apps.kubernetes.io/pod-index");

    private GivenLabels() {}
}
