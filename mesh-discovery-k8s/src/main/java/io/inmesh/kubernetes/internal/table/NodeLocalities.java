package io.inmesh.kubernetes.internal.table;

import io.inmesh.endpoint.Locality;
import io.inmesh.kubernetes.internal.resource.Node;
import io.inmesh.kubernetes.internal.resource.Resources;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where each node stands, if Nodes are read at all. Table thread only. */
final class NodeLocalities {
    private final Runnable onChange;
    private final @Nullable SelectedObjects<Node> nodes;
    private final Map<String, Locality> byName = new HashMap<>();

    /**
     * Watches nothing yet.
     *
     * @param read whether Nodes are read
     */
    NodeLocalities(Watches watches, boolean read, Runnable onChange) {
        this.onChange = onChange;
        this.nodes = read ? watches.open(this::changed, onChange) : null;
    }

    void begin() {
        if (nodes != null) {
            nodes.needed("region and subzone of endpoints are not known");
            nodes.select(Selections.all(Resources.NODES, ""));
        }
    }

    /** By the node's name; changes with the nodes. Null when Nodes are not read. */
    @Nullable
    Map<String, Locality> byName() {
        return nodes == null ? null : byName;
    }

    /** Whether it is known which ones there are, or that it will not be known soon. */
    boolean settled() {
        return nodes == null || nodes.settled();
    }

    private void changed(@Nullable Node before, @Nullable Node after) {
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
}
