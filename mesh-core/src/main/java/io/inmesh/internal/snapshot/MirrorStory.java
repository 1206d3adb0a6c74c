package io.inmesh.internal.snapshot;

import io.inmesh.internal.cluster.Cluster;
import io.inmesh.internal.route.ClusterKey;
import io.inmesh.internal.route.CompiledRoute;
import io.inmesh.internal.route.CompiledRoute.MirrorDestination;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells where copies of a request go, and why not. */
final class MirrorStory {
    private static final double PARTS_OF_A_PERCENT = 10_000.0;

    private final MeshSnapshot snapshot;
    private final CompiledRoute route;

    MirrorStory(MeshSnapshot snapshot, CompiledRoute route) {
        this.snapshot = snapshot;
        this.route = route;
    }

    /** {@code cluster percent}, as the rule has it. */
    List<String> mirrors() {
        return route.mirrors().stream()
                .map(mirror -> mirror.cluster() + " " + percent(mirror))
                .toList();
    }

    private static String percent(MirrorDestination mirror) {
        return mirror.partsPerMillion() / PARTS_OF_A_PERCENT + "%";
    }

    /**
     * What becomes of the copies of a request that is sent, a sentence for each destination.
     *
     * @param call of the request itself
     */
    List<String> copies(CallPlan call) {
        List<String> sentences = new ArrayList<>();
        for (MirrorDestination mirror : route.mirrors()) {
            ClusterKey key = mirror.cluster();
            String hindrance = hindrance(mirror);
            boolean drawn =
                    call.mirrors().stream().anyMatch(plan -> plan.clusterKey().equals(key));
            if (hindrance != null) {
                sentences.add("no copy is sent to " + key + ": " + hindrance);
            } else if (drawn) {
                sentences.add("a copy is sent to " + key + " as well, whose answer nobody sees");
            } else {
                sentences.add("no copy is sent to " + key + " this time: drawn, as " + percent(mirror)
                        + " of the calls are copied");
            }
        }
        return sentences;
    }

    private @Nullable String hindrance(MirrorDestination mirror) {
        Target target = snapshot.target(mirror.slot()).forCopies();
        Cluster cluster = target.cluster();
        return cluster != null && cluster.members().stream().noneMatch(cluster::isPickable)
                ? "it has no endpoint to use"
                : target.hindrance();
    }
}
