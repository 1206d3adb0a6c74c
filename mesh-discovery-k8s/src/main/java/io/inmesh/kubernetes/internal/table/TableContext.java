package io.inmesh.kubernetes.internal.table;

import io.inmesh.kubernetes.internal.time.StartWait;
import io.inmesh.kubernetes.internal.time.Timing;
import org.jspecify.annotations.Nullable;

/**
 * What all parts of a table share.
 *
 * @param nodes null when Nodes are not read
 */
record TableContext(
        TableSettings settings,
        TableThread thread,
        Timing timing,
        StartWait startWait,
        Watches watches,
        Scopes scopes,
        WorkloadEntries workloadEntries,
        @Nullable NodeLocalities nodes,
        SavedTable saved) {
    /** Whether it is known what there is beside services and endpoints, or that it will not be known soon. */
    boolean settled(String namespace) {
        return workloadEntries.settled(namespace) && (nodes == null || nodes.settled());
    }
}
