package io.inmesh.cli;

import io.inmesh.config.source.ClusterObjects.ClusterObject;
import io.inmesh.internal.manifest.Manifests;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster holds.
 *
 * @param server for people; empty for no cluster
 */
record ClusterState(String server, List<ClusterObject> objects) {
    /** No cluster. */
    static final ClusterState NONE = new ClusterState("", List.of());

    private static final Set<String> MAKERS_OF_PODS = Set.of("Deployment", "StatefulSet", "DaemonSet");

    /** What was read together with files: {@code 3 files}. */
    String words(int files) {
        String counted = files == 1 ? "1 file" : files + " files";
        if (server.isEmpty()) {
            return counted;
        }
        String cluster = objects.size() + " objects of " + server;
        return files == 0 ? cluster : cluster + " and " + counted;
    }

    /** The objects that are not also written in files, which replace them, and not pods of replaced ones. */
    List<ClusterObject> without(Manifests files) {
        List<ClusterObject> left = new ArrayList<>();
        List<ClusterObject> replaced = new ArrayList<>();
        for (ClusterObject object : objects) {
            boolean written = files.has(object.group(), object.kind(), object.namespace(), object.name());
            (written ? replaced : left).add(object);
        }
        replaced.removeIf(object -> !MAKERS_OF_PODS.contains(object.kind()));
        left.removeIf(
                object -> object.kind().equals("Pod") && replaced.stream().anyMatch(maker -> isPodOf(maker, object)));
        return left;
    }

    private static boolean isPodOf(ClusterObject maker, ClusterObject pod) {
        Map<?, ?> selected = labels(field(field(maker.tree(), "spec"), "template"));
        return maker.namespace().equals(pod.namespace())
                && !selected.isEmpty()
                && labels(pod.tree()).entrySet().containsAll(selected.entrySet());
    }

    private static Map<?, ?> labels(@Nullable Object object) {
        return field(field(object, "metadata"), "labels") instanceof Map<?, ?> labels ? labels : Map.of();
    }

    private static @Nullable Object field(@Nullable Object tree, String name) {
        return tree instanceof Map<?, ?> map ? map.get(name) : null;
    }
}
