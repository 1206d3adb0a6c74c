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
    private final Set<SelectedObjects<?>> open = ConcurrentHashMap.newKeySet();

    Watches(Reflectors reflectors, TableThread thread) {
        this.reflectors = reflectors;
        this.thread = thread;
    }

    /** Makes a watch that has no selection yet; the parameters are those of {@link SelectedObjects}. */
    <T extends KubernetesObject> SelectedObjects<T> open(SelectedObjects.Change<T> onChange, Runnable onState) {
        SelectedObjects<T> selected = new SelectedObjects<>(reflectors, thread, onChange, onState);
        open.add(selected);
        return selected;
    }

    void close(@Nullable SelectedObjects<?> selected) {
        if (selected != null) {
            open.remove(selected);
            selected.close();
        }
    }

    void closeAll() {
        open.forEach(this::close);
    }

    /** How each watch is doing. */
    List<TableStatus.Watch> states() {
        List<TableStatus.Watch> states = new ArrayList<>();
        for (SelectedObjects<?> selected : open) {
            for (ReflectorStatus status : selected.statuses()) {
                states.add(new TableStatus.Watch(status, selected.spare()));
            }
        }
        return states;
    }

    /** What the server refuses and what follows from it, a sentence each. */
    List<String> problems() {
        return open.stream()
                .map(SelectedObjects::problem)
                .filter(problem -> !problem.isEmpty())
                .sorted()
                .toList();
    }
}
