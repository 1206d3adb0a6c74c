package io.inmesh.internal.check;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Labels that workloads get from their Node, cluster, controller or Istio's injector, of which files do not tell. */
public final class GivenLabels {
    private static final Set<String> NAMES = Set.of(
            "topology.istio.io/subzone",
            "topology.istio.io/cluster",
            "topology.istio.io/network",
            "failure-domain.beta.kubernetes.io/region",
            "failure-domain.beta.kubernetes.io/zone",
            "kubernetes.io/hostname",
            "service.istio.io/canonical-name",
            "service.istio.io/canonical-revision",
            "security.istio.io/tlsMode",
            "istio.io/rev",
            "job-name",
            "controller-uid",
            "pod-template-hash",
            "rollouts-pod-template-hash",
            "controller-revision-hash",
            "pod-template-generation",
            "statefulset.kubernetes.io/pod-name",
            "apps.kubernetes.io/pod-index");

    private static final Set<String> PREFIXES = Set.of("batch.kubernetes.io/", "topology.kubernetes.io/");

    private GivenLabels() {}

    /** The labels of a selector of which files can tell; one that must be empty is left, for those are not. */
    public static Map<String, String> without(Map<String, String> labels) {
        return labels.entrySet().stream()
                .filter(label -> label.getValue().isEmpty() || !isGiven(label.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static boolean isGiven(String name) {
        return NAMES.contains(name) || PREFIXES.stream().anyMatch(name::startsWith);
    }
}
