package io.inmesh.kubernetes.internal.table;

import io.inmesh.endpoint.Locality;
import io.inmesh.kubernetes.internal.resource.Node;
import io.inmesh.kubernetes.internal.resource.Resources;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where each node stands. Table thread only. */
final class NodeLocalities implements SelectedObjects.Owner<Node> {
    private final Runnable onChange;
    private final SelectedObjects<Node> nodes;
    private final Map<String, Locality> byName = new HashMap<>();

    NodeLocalities(Watches watches, Runnable onChange) {
        this.onChange = onChange;
        this.nodes = watches.open(this);
        nodes.needed("region and subzone of endpoints are not known");
    }

    void begin() {
        nodes.select(Selections.all(Resources.NODES, ""));
    }

    /** By the node's name; changes with the nodes. */
    Map<String, Locality> byName() {
        return byName;
    }

    /** Whether it is known which ones there are, or that it will not be known soon. */
    boolean settled() {
        return nodes.synced() || nodes.refusal() != null;
    }

    @Override
    public void changed(@Nullable Node before, @Nullable Node after) {
        Locality now = after == null ? null : after.locality();
        Locality earlier = before == null ? null : before.locality();
        if (after != null) {
            byName.put(after.key().name(), after.locality());
        } else if (before != null) {
            byName.remove(before.key().name());
        }
        // The state of a node changes all the time, where it stands never does.
        if (!Objects.equals(now, earlier)) {
            onChange.run();
        }
    }

    @Override
    public void stateChanged() {
        onChange.run();
    }
}
