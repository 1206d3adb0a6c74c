package io.inmesh;

import io.inmesh.internal.snapshot.MeshSnapshot;
import io.inmesh.internal.time.Threads;
import io.inmesh.testing.ManualClock;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** Opens a mesh for tests. */
public final class MeshTesting {
    private MeshTesting() {}

    /**
     * Puts a mesh on a manual clock. The control thread and name resolution run on whatever thread brings an update;
     * timers run when the clock is advanced. Every change is in force at once.
     */
    public static Mesh.Builder manual(Mesh.Builder builder, ManualClock clock, RandomGenerator random) {
        return builder.publishInterval(Duration.ZERO)
                .machinery(clock, random, new Threads(Runnable::run, clock, Runnable::run, Runnable::run, () -> {}));
    }

    /** Attempts in flight on all hosts of the snapshot in force. */
    public static int activeRequests(Mesh mesh) {
        return mesh.snapshot().clusters().values().stream()
                .flatMap(cluster -> cluster.members().stream())
                .map(member -> member.host())
                .distinct()
                .mapToInt(host -> host.activeRequests())
                .sum();
    }

    /** The snapshot in force. */
    public static MeshSnapshot snapshot(Mesh mesh) {
        return mesh.snapshot();
    }
}
