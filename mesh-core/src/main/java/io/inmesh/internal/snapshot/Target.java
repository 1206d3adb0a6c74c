package io.inmesh.internal.snapshot;

import io.inmesh.internal.cluster.Cluster;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind a destination.
 *
 * @param cluster null when it is unknown or not balanced
 * @param originalDestination whether the address of the request itself is dialled
 * @param whyUnknown empty when it is known
 * @param rules DestinationRules in force, by qualified name
 */
record Target(@Nullable Cluster cluster, boolean originalDestination, String whyUnknown, List<String> rules) {
    static Target unknown(String why) {
        return new Target(null, false, why, List.of());
    }

    boolean isUnknown() {
        return cluster == null && !originalDestination;
    }
}
