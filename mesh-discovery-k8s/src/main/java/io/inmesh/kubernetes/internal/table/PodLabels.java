package io.inmesh.kubernetes.internal.table;

import io.inmesh.endpoint.ServiceName;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import io.inmesh.kubernetes.internal.resource.PodMetadata;
import io.inmesh.kubernetes.internal.resource.Resources;
import io.inmesh.kubernetes.internal.resource.Service;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Labels of the pods of one service, watched while somebody wants them. Table thread only. */
final class PodLabels {
    private static final Logger LOG = LoggerFactory.getLogger(PodLabels.class);

    private final ServiceName service;
    private final Watches watches;
    private final Runnable onChange;
    private final BoundedWait wait;
    private @Nullable SelectedObjects<PodMetadata> pods;
    private boolean warned;

    PodLabels(ServiceName service, Watches watches, TableThread thread, Runnable onChange) {
        this.service = service;
        this.watches = watches;
        this.onChange = onChange;
        this.wait = thread.waitForMore(onChange);
    }

    /** Watches the pods that the service selects; a service without a selector has none that could be known. */
    void follow(Service described, boolean wanted) {
        if (!wanted || described.selector().isEmpty()) {
            close();
            return;
        }
        SelectedObjects<PodMetadata> selected = pods;
        if (selected == null) {
            selected = watches.open(this::changed, onChange);
            selected.needed(
                    "subsets of " + service + " have no endpoints, since the labels of its pods cannot be read");
            pods = selected;
        }
        selected.select(
                Selections.labelled(Resources.POD_METADATA, described.key().namespace(), described.selector()));
    }

    /** Whether labels are known, or it is known that there are none, or nobody can wait any longer. */
    boolean settled() {
        SelectedObjects<PodMetadata> selected = pods;
        if (selected == null || selected.synced()) {
            wait.forget();
            warned = false;
            return true;
        }
        if (selected.refusal() != null) {
            return true;
        }
        boolean without = wait.over();
        if (without && !warned) {
            warned = true;
            LOG.warn("Labels of the pods of {} are still not known, so its subsets have no endpoints", service);
        }
        return without;
    }

    /** Pods with their labels; null when nobody wants them. */
    @Nullable
    Map<ObjectKey, PodMetadata> byPod() {
        return pods == null ? null : pods.byKey();
    }

    void close() {
        watches.close(pods);
        pods = null;
    }

    private void changed(@Nullable PodMetadata before, @Nullable PodMetadata after) {
        boolean same = before != null
                && after != null
                && before.metadata().labels().equals(after.metadata().labels());
        if (!same) {
            onChange.run();
        }
    }
}
