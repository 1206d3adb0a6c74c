package io.inmesh.kubernetes.internal.table;

import io.inmesh.endpoint.Workload;
import io.inmesh.endpoint.WorkloadSelector;
import io.inmesh.kubernetes.internal.map.WorkloadMapper;
import io.inmesh.kubernetes.internal.resource.Pod;
import io.inmesh.kubernetes.internal.resource.Resources;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pods and WorkloadEntries that one selector takes. Table thread only. */
final class WorkloadFeed implements SelectedObjects.Owner<Pod> {
    private final WorkloadSelector selector;
    private final TableContext context;
    private final Subscriber<List<Workload>> subscriber;
    private final SelectedObjects<Pod> pods;
    private final BoundedWait wait;
    private boolean refreshing;

    WorkloadFeed(WorkloadSelector selector, TableContext context, Subscriber<List<Workload>> subscriber) {
        this.selector = selector;
        this.context = context;
        this.subscriber = subscriber;
        this.wait = BoundedWait.atStart(context, this::refresh);
        this.pods = context.watches().open(this);
        pods.needed("pods that a ServiceEntry in namespace " + selector.namespace() + " selects are not known");
        pods.select(Selections.labelled(Resources.PODS, selector.namespace(), selector.labels()));
        context.workloadEntries().use(selector.namespace());
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
            context.thread().execute(this::tellWorkloads);
        }
    }

    /**
     * Tells the workloads once they are known. After a while, or when the server refuses pods, those of the snapshot file
     * are told meanwhile; where it has none, those that cannot be known are done without.
     */
    private void tellWorkloads() {
        refreshing = false;
        SavedPart<WorkloadSelector, List<Workload>> saved = context.saved().workloads();
        boolean restSettled = context.settled(selector.namespace());
        boolean refused = pods.refusal() != null && restSettled;
        if (pods.synced() && (restSettled || wait.over())) {
            List<Workload> workloads = workloads();
            saved.put(selector, workloads);
            subscriber.tell(workloads);
        } else if (!pods.synced() && (refused || wait.over()) && saved.ready()) {
            List<Workload> before = saved.get(selector);
            if (before != null) {
                subscriber.tell(before);
            } else if (refused
                    || !context.workloadEntries().in(selector.namespace()).isEmpty()) {
                subscriber.tell(workloads());
            }
        }
    }

    private List<Workload> workloads() {
        NodeLocalities nodes = context.nodes();
        return WorkloadMapper.map(
                selector,
                pods.objects(),
                nodes == null ? null : nodes.byName(),
                context.workloadEntries().in(selector.namespace()));
    }

    void close() {
        context.watches().close(pods);
        context.workloadEntries().release(selector.namespace());
    }

    @Override
    public void changed(@Nullable Pod before, @Nullable Pod after) {
        refresh();
    }

    @Override
    public void stateChanged() {
        refresh();
    }
}
