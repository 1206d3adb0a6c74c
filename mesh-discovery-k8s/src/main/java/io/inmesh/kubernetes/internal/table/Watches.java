package io.inmesh.kubernetes.internal.table;

import io.inmesh.kubernetes.internal.reflect.ReflectorStatus;
import io.inmesh.kubernetes.internal.reflect.Reflectors;
import io.inmesh.kubernetes.internal.resource.KubernetesObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** All that a table watches now. {@link #states} and {@link #problems} may be called from any thread. */
final class Watches {
    private final Reflectors reflectors;
    private final TableThread thread;
    private final Set<Kept<?>> open = ConcurrentHashMap.newKeySet();

    Watches(Reflectors reflectors, TableThread thread) {
        this.reflectors = reflectors;
        this.thread = thread;
    }

    /** Makes a watch that has no selection yet. */
    <T extends KubernetesObject> Kept<T> open(Kept.Owner<T> owner) {
        Kept<T> kept = new Kept<>(reflectors, thread, owner);
        open.add(kept);
        return kept;
    }

    void close(@Nullable Kept<?> kept) {
        if (kept != null) {
            open.remove(kept);
            kept.close();
        }
    }

    void closeAll() {
        open.forEach(this::close);
    }

    /** How each watch is doing. */
    List<TableStatus.Watch> states() {
        List<TableStatus.Watch> states = new ArrayList<>();
        for (Kept<?> kept : open) {
            for (ReflectorStatus status : kept.statuses()) {
                states.add(new TableStatus.Watch(status, kept.spare()));
            }
        }
        return states;
    }

    /** What the server refuses and what follows from it, a sentence each. */
    List<String> problems() {
        return open.stream()
                .map(Kept::problem)
                .filter(problem -> !problem.isEmpty())
                .sorted()
                .toList();
    }
}
