package io.inmesh.kubernetes.internal.table;

import io.inmesh.endpoint.Workload;
import io.inmesh.endpoint.WorkloadSelector;
import io.inmesh.kubernetes.internal.map.WorkloadMapper;
import io.inmesh.kubernetes.internal.resource.Pod;
import io.inmesh.kubernetes.internal.resource.Resources;
import java.util.List;

/** Pods and WorkloadEntries that one selector takes. Table thread only. */
final class WorkloadFeed {
    private final WorkloadSelector selector;
    private final Watches watches;
    private final WorkloadEntries entries;
    private final NodeLocalities nodes;
    private final SavedPart<WorkloadSelector, List<Workload>> saved;
    private final TableThread thread;
    private final Subscriber<List<Workload>> subscriber;
    private final SelectedObjects<Pod> pods;
    private final BoundedWait wait;
    private boolean refreshing;

    /**
     * Begins to watch.
     *
     * @param saved what is told before the server has answered
     * @param subscriber who is told
     */
    WorkloadFeed(
            WorkloadSelector selector,
            Watches watches,
            WorkloadEntries entries,
            NodeLocalities nodes,
            SavedPart<WorkloadSelector, List<Workload>> saved,
            TableThread thread,
            Subscriber<List<Workload>> subscriber) {
        this.selector = selector;
        this.watches = watches;
        this.entries = entries;
        this.nodes = nodes;
        this.saved = saved;
        this.thread = thread;
        this.subscriber = subscriber;
        this.wait = thread.waitForServer(this::refresh);
        this.pods = watches.open((before, after) -> refresh(), this::refresh);
        pods.needed("pods that a ServiceEntry in namespace " + selector.namespace() + " selects are not known");
        pods.select(Selections.labelled(Resources.PODS, selector.namespace(), selector.labels()));
        entries.use(selector.namespace());
        refresh();
    }

    WorkloadSelector selector() {
        return selector;
    }

    String namespace() {
        return selector.namespace();
    }

    /** Asks for the workloads to be told, after everything that waits already has been taken in. */
    void refresh() {
        if (!refreshing) {
            refreshing = true;
            thread.execute(this::tellWorkloads);
        }
    }

    /**
     * Tells the workloads once they are known. After a while, or when the server refuses pods, those of the snapshot file
     * are told meanwhile; where it has none, those that cannot be known are done without.
     */
    private void tellWorkloads() {
        refreshing = false;
        boolean restSettled = entries.settled(selector.namespace()) && nodes.settled();
        boolean refused = pods.refusal() != null && restSettled;
        if (pods.synced() && (restSettled || wait.over())) {
            List<Workload> workloads = workloads();
            saved.put(selector, workloads);
            subscriber.tell(workloads);
        } else if (!pods.synced() && (refused || wait.over()) && saved.ready()) {
            List<Workload> before = saved.get(selector);
            if (before != null) {
                subscriber.tell(before);
            } else if (refused || !entries.in(selector.namespace()).isEmpty()) {
                subscriber.tell(workloads());
            }
        }
    }

    private List<Workload> workloads() {
        return WorkloadMapper.map(selector, pods.objects(), nodes.byName(), entries.in(selector.namespace()));
    }

    void close() {
        watches.close(pods);
        entries.release(selector.namespace());
    }
}
