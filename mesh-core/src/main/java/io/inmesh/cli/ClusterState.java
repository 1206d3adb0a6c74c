package io.inmesh.cli;

import io.inmesh.config.source.ClusterObjects.ClusterObject;
import io.inmesh.internal.manifest.Manifests;
import java.util.ArrayList;
import java.util.HashMap;
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
        Set<Manifests.Identity> written = files.identities();
        List<ClusterObject> left = new ArrayList<>();
        Map<String, List<ClusterObject>> makers = new HashMap<>();
        for (ClusterObject object : objects) {
            if (!written.contains(
                    Manifests.Identity.of(object.group(), object.kind(), object.namespace(), object.name()))) {
                left.add(object);
            } else if (MAKERS_OF_PODS.contains(object.kind())) {
                makers.computeIfAbsent(object.namespace() + "/" + object.name(), key -> new ArrayList<>())
                        .add(object);
            }
        }
        left.removeIf(object -> object.kind().equals("Pod") && isMadeByOne(makers, object));
        return left;
    }

    /** A maker names its pods after itself: {@code cart-5d4f8-x2x7q}, {@code cart-0}. */
    private static boolean isMadeByOne(Map<String, List<ClusterObject>> makers, ClusterObject pod) {
        String name = pod.name();
        for (int end = name.indexOf('-'); end >= 0; end = name.indexOf('-', end + 1)) {
            for (ClusterObject maker : makers.getOrDefault(pod.namespace() + "/" + name.substring(0, end), List.of())) {
                if (hasLabelsOf(maker, pod)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean hasLabelsOf(ClusterObject maker, ClusterObject pod) {
        Map<?, ?> selected = labels(field(field(maker.tree(), "spec"), "template"));
        return !selected.isEmpty() && labels(pod.tree()).entrySet().containsAll(selected.entrySet());
    }

    private static Map<?, ?> labels(@Nullable Object object) {
        return field(field(object, "metadata"), "labels") instanceof Map<?, ?> labels ? labels : Map.of();
    }

    private static @Nullable Object field(@Nullable Object tree, String name) {
        return tree instanceof Map<?, ?> map ? map.get(name) : null;
    }
}
