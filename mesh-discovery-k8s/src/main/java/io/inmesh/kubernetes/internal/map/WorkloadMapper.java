package io.inmesh.kubernetes.internal.map;

import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Locality;
import io.inmesh.endpoint.Workload;
import io.inmesh.endpoint.WorkloadSelector;
import io.inmesh.kubernetes.internal.resource.KubernetesObject;
import io.inmesh.kubernetes.internal.resource.Pod;
import io.inmesh.kubernetes.internal.resource.WorkloadEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pods and WorkloadEntries as what a ServiceEntry's {@code workloadSelector} takes. Pure. */
public final class WorkloadMapper {
    private WorkloadMapper() {}

    /**
     * The workloads that the selector takes and that can be called: as in Istio, pods that are ready and stay, and
     * WorkloadEntries that are not known to be unhealthy.
     *
     * @param pods of any namespace
     * @param nodes where each node stands, by name; null when Nodes are not read
     * @param entries of any namespace
     */
    public static List<Workload> map(
            WorkloadSelector selector,
            Collection<Pod> pods,
            @Nullable Map<String, Locality> nodes,
            Collection<WorkloadEntry> entries) {
        Localities localities = new Localities(nodes);
        List<Workload> workloads = new ArrayList<>();
        for (Pod pod : pods) {
            if (takes(selector, pod, pod.metadata().labels()) && isServing(pod)) {
                workloads.add(workload(pod, localities));
            }
        }
        for (WorkloadEntry entry : entries) {
            if (takes(selector, entry, entry.labels()) && entry.healthy()) {
                workloads.add(workload(entry, localities));
            }
        }
        return List.copyOf(workloads);
    }

    static Locality locality(WorkloadEntry entry, Localities localities) {
        return entry.locality().isEmpty() ? localities.of(entry.labels(), "", "") : Locality.parse(entry.locality());
    }

    static String id(KubernetesObject object) {
        String uid = object.metadata().uid();
        return uid.isEmpty() ? object.key().toString() : uid;
    }

    private static boolean takes(WorkloadSelector selector, KubernetesObject object, Map<String, String> labels) {
        return object.key().namespace().equals(selector.namespace())
                && labels.entrySet().containsAll(selector.labels().entrySet());
    }

    private static boolean isServing(Pod pod) {
        return pod.ready()
                && pod.metadata().deletionTimestamp() == null
                && !pod.phase().equals("Succeeded")
                && !pod.phase().equals("Failed")
                && !pod.ips().isEmpty()
                && Addresses.isCallable(pod.ips().get(0));
    }

    private static Workload workload(Pod pod, Localities localities) {
        Map<String, String> labels = pod.metadata().labels();
        return new Workload(
                id(pod),
                pod.ips().get(0),
                Map.of(),
                localities.of(labels, pod.nodeName(), ""),
                0,
                labels,
                Condition.READY);
    }

    private static Workload workload(WorkloadEntry entry, Localities localities) {
        return new Workload(
                id(entry),
                entry.address(),
                entry.ports(),
                locality(entry, localities),
                entry.weight(),
                entry.labels(),
                Condition.READY);
    }
}
