package io.inmesh.kubernetes.internal.table;

import io.inmesh.kubernetes.internal.reflect.ReflectorListener;
import io.inmesh.kubernetes.internal.resource.KubernetesObject;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a reflector has said and the table has not yet taken in. Of several changes of an object only the last is kept, so
 * that a storm of events takes no more memory than the objects themselves, however slow the table is. Thread-safe.
 */
final class Inbox<T extends KubernetesObject> implements ReflectorListener<T> {
    private final Runnable onNews;
    private @Nullable Collection<T> whole;
    private Map<ObjectKey, Optional<T>> changes = new LinkedHashMap<>();
    private @Nullable Refusal refusal;
    private boolean announced;

    /**
     * What came together.
     *
     * @param whole the whole state, null when only changes came
     * @param changes after the whole state; empty for objects that are gone
     * @param refusal null when the server does not refuse now
     */
    record Batch<T>(
            @Nullable Collection<T> whole,
            Map<ObjectKey, Optional<T>> changes,
            @Nullable Refusal refusal) {}

    /**
     * Makes an empty box.
     *
     * @param onNews called when there is something to take; not again before it has been taken
     */
    Inbox(Runnable onNews) {
        this.onNews = onNews;
    }

    synchronized Batch<T> take() {
        Batch<T> batch = new Batch<>(whole, changes, refusal);
        whole = null;
        changes = new LinkedHashMap<>();
        announced = false;
        return batch;
    }

    @Override
    public synchronized void replaced(Collection<T> objects) {
        whole = List.copyOf(objects);
        changes.clear();
        allowed();
    }

    @Override
    public synchronized void applied(T object) {
        changes.put(object.key(), Optional.of(object));
        allowed();
    }

    @Override
    public synchronized void deleted(ObjectKey key) {
        changes.put(key, Optional.empty());
        allowed();
    }

    @Override
    public synchronized void refused(Refusal why) {
        refusal = why;
        announce();
    }

    @Override
    public synchronized void allowed() {
        refusal = null;
        announce();
    }

    private void announce() {
        if (!announced) {
            announced = true;
            onNews.run();
        }
    }
}
