package io.inmesh.spring.boot.actuate;

import io.inmesh.Mesh;
import io.inmesh.MeshHealth;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The health of a mesh that may watch a cluster: {@code DEGRADED} also while something older than the cluster serves. */
final class ClusterHealth implements MeshHealth.Source {
    private final Mesh mesh;
    private final Supplier<@Nullable ClusterView> cluster;

    /**
     * Asks both anew each time.
     *
     * @param cluster what is shown of a cluster, null where none is watched
     */
    ClusterHealth(Mesh mesh, Supplier<@Nullable ClusterView> cluster) {
        this.mesh = mesh;
        this.cluster = cluster;
    }

    @Override
    public MeshHealth health() {
        MeshHealth health = MeshHealth.of(mesh.status());
        ClusterView kubernetes = cluster.get();
        if (kubernetes == null) {
            return health;
        }
        MeshHealth whole = kubernetes.degraded()
                ? health.degraded("The API server is away or refuses; what it said last is in use")
                : health;
        return whole.with("kubernetes", kubernetes.health());
    }
}
