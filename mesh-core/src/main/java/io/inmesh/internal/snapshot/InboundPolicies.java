package io.inmesh.internal.snapshot;

import io.inmesh.config.ConfigProblem;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.InboundPolicy;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.WorkloadMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which policies concern what comes in at a workload (Istio: those of its namespace and of the root namespace). Of a
 * workload without labels it is not known which selectors are for it: each counts as one that is, so that none is left out.
 */
final class InboundPolicies {
    private InboundPolicies() {}

    /** Oldest first; {@code before} itself when nothing in it has changed. */
    static InboundPolicy of(MeshConfig config, WorkloadIdentity self, InboundPolicy before) {
        InboundPolicy now = new InboundPolicy(
                config.requestAuthentications().stream()
                        .filter(policy -> concerns(policy.meta(), policy.workloads(), self))
                        .sorted(ConfigObject.OLDEST_FIRST)
                        .toList(),
                config.authorizationPolicies().stream()
                        .filter(policy -> concerns(policy.meta(), policy.workloads(), self))
                        .sorted(ConfigObject.OLDEST_FIRST)
                        .toList());
        return now.equals(before) ? before : now;
    }

    /**
     * Tells of each policy with a selector whose labels decide: of those that are left out, and of those that count because
     * there are no labels to compare with.
     *
     * @param severity of what is told
     */
    static List<ConfigProblem> decidedByLabels(
            MeshConfig config, WorkloadIdentity self, ConfigProblem.Severity severity) {
        List<ConfigProblem> problems = new ArrayList<>();
        config.requestAuthentications()
                .forEach(policy -> addDecided(policy, policy.workloads(), self, severity, problems));
        config.authorizationPolicies()
                .forEach(policy -> addDecided(policy, policy.workloads(), self, severity, problems));
        return List.copyOf(problems);
    }

    private static void addDecided(
            ConfigObject policy,
            WorkloadMatch workloads,
            WorkloadIdentity self,
            ConfigProblem.Severity severity,
            List<ConfigProblem> problems) {
        boolean unknown = self.labels().isEmpty();
        if (workloads.labels().isEmpty()
                || !mayConcern(policy.meta(), workloads, self)
                || (!unknown && selects(workloads, self))) {
            return;
        }
        String wanted = text(workloads.labels());
        problems.add(ConfigProblem.builder(
                        severity,
                        unknown
                                ? "the policy is in force although its selector (" + wanted
                                        + ") cannot be compared: the own labels are not known"
                                : "the policy is not in force: its selector (" + wanted
                                        + ") is not met by the own labels (" + text(self.labels()) + ")")
                .origin(policy.meta().origin())
                .path("spec.selector.matchLabels")
                .fix(
                        unknown
                                ? "tell the own labels (mesh.labels) so that policies for others are left out"
                                : "if it is meant for this workload, correct the selector or the own labels (mesh.labels)")
                .object(policy.kind() + " " + policy.meta().namespace() + "/"
                        + policy.meta().name())
                .build());
    }

    private static String text(Map<String, String> labels) {
        return String.join(
                ", ",
                new TreeMap<>(labels)
                        .entrySet().stream()
                                .map(label -> label.getKey() + "=" + label.getValue())
                                .toList());
    }

    private static boolean concerns(ObjectMeta meta, WorkloadMatch workloads, WorkloadIdentity self) {
        return mayConcern(meta, workloads, self) && selects(workloads, self);
    }

    private static boolean mayConcern(ObjectMeta meta, WorkloadMatch workloads, WorkloadIdentity self) {
        // References are to waypoints and gateways of the Kubernetes Gateway API, none of which this workload is.
        return workloads.targets().isEmpty()
                && (meta.namespace().equals(self.namespace())
                        || meta.namespace().equals(ObjectMeta.ROOT_NAMESPACE));
    }

    private static boolean selects(WorkloadMatch workloads, WorkloadIdentity self) {
        return self.labels().isEmpty()
                || self.labels().entrySet().containsAll(workloads.labels().entrySet());
    }
}
