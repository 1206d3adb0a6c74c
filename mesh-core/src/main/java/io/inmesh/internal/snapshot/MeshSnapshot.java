package io.inmesh.internal.snapshot;

import io.inmesh.call.RequestHead;
import io.inmesh.explain.Explanation;
import io.inmesh.internal.cluster.Cluster;
import io.inmesh.internal.route.ClusterKey;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Routes and clusters of one version. Immutable but for the live state inside hosts and balancers. */
public final class MeshSnapshot {
    private final long version;
    private final Map<ClusterKey, Cluster> clusters;

    MeshSnapshot(long version, Map<ClusterKey, Cluster> clusters) {
        this.version = version;
        this.clusters = Map.copyOf(clusters);
    }

    /** Grows by one with each publication. */
    public long version() {
        return version;
    }

    /** All clusters. */
    public Map<ClusterKey, Cluster> clusters() {
        return clusters;
    }

    /** Decides; a pure function of the arguments and this snapshot, apart from cursors that the decision does not read. */
    public Decision decide(RequestHead head, RandomGenerator random) {
        return Decision.PassThrough.INSTANCE;
    }

    /** The same decision with its reasons. */
    public Explanation explain(RequestHead head, RandomGenerator random) {
        throw new IllegalStateException("replaced with the route table");
    }
}
