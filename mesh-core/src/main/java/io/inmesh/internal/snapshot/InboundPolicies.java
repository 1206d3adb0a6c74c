package io.inmesh.internal.snapshot;

import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.InboundPolicy;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.WorkloadMatch;

/** Which policies concern what comes in at a workload (Istio: those of its namespace and of the root namespace). */
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

    private static boolean concerns(ObjectMeta meta, WorkloadMatch workloads, WorkloadIdentity self) {
        if (!meta.namespace().equals(self.namespace()) && !meta.namespace().equals(DestinationRules.ROOT_NAMESPACE)) {
            return false;
        }
        // References are to waypoints and gateways of the Kubernetes Gateway API, none of which this workload is.
        return workloads.targets().isEmpty()
                && self.labels().entrySet().containsAll(workloads.labels().entrySet());
    }
}
