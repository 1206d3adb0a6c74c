package io.inmesh.kubernetes.internal.table;

import io.inmesh.endpoint.ServiceName;
import io.inmesh.kubernetes.internal.resource.EndpointSlice;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import io.inmesh.kubernetes.internal.resource.Pod;
import io.inmesh.kubernetes.internal.resource.Resources;
import io.inmesh.kubernetes.internal.resource.Service;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Pods behind the endpoints of one service, watched while some slice names a pod and not its node, as slices written by hand
 * do. Table thread only.
 */
final class PodPlaces {
    private final ServiceName service;
    private final Watches watches;
    private final Runnable onChange;
    private @Nullable SelectedObjects<Pod> pods;

    PodPlaces(ServiceName service, Watches watches, Runnable onChange) {
        this.service = service;
        this.watches = watches;
        this.onChange = onChange;
    }

    /**
     * Watches the pods that the service selects; for one without a selector, those of its namespace.
     *
     * @param slices null when there are none
     */
    void follow(Service described, @Nullable Collection<EndpointSlice> slices) {
        if (slices == null || slices.stream().noneMatch(PodPlaces::namesNoNode)) {
            close();
            return;
        }
        SelectedObjects<Pod> selected = pods;
        if (selected == null) {
            selected = watches.open(this::changed, onChange);
            selected.spare("node, region and zone of endpoints of " + service
                    + " are not known, since its slices do not name the nodes and its pods cannot be read");
            pods = selected;
        }
        selected.select(Selections.labelled(Resources.PODS, described.key().namespace(), described.selector()));
    }

    private static boolean namesNoNode(EndpointSlice slice) {
        return slice.endpoints().stream()
                .anyMatch(endpoint ->
                        endpoint.nodeName().isEmpty() && (!endpoint.uid().isEmpty() || endpoint.pod() != null));
    }

    /** Pods with the nodes they are on; null when nobody has to know. */
    @Nullable
    Map<ObjectKey, Pod> byPod() {
        return pods == null ? null : pods.byKey();
    }

    void close() {
        watches.close(pods);
        pods = null;
    }

    /** The state of a pod changes all the time, where it is hardly ever does. */
    private void changed(@Nullable Pod before, @Nullable Pod after) {
        boolean same = before != null
                && after != null
                && before.nodeName().equals(after.nodeName())
                && before.metadata().uid().equals(after.metadata().uid())
                && before.metadata().labels().equals(after.metadata().labels());
        if (!same) {
            onChange.run();
        }
    }
}
