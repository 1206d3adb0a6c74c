package io.inmesh.internal.cluster;

import io.inmesh.internal.route.ClusterKey;

/** Immutable view of one cluster: hosts, balancer, policy. */
public final class Cluster {
    private final ClusterKey key;

    Cluster(ClusterKey key) {
        this.key = key;
    }

    /** Identity. */
    public ClusterKey key() {
        return key;
    }
}
