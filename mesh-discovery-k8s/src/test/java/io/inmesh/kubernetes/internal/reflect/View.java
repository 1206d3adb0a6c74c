package io.inmesh.kubernetes.internal.reflect;

import io.inmesh.kubernetes.internal.resource.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a listener knows, from what it was told. Thread-safe. */
final class View implements ReflectorListener<Thing> {
    private final Map<String, String> values = new TreeMap<>();
    private final List<Refusal> refusals = new ArrayList<>();
    private final List<Integer> sizes = new ArrayList<>();
    private final List<Map<String, String>> allowances = new ArrayList<>();
    private int replacements;

    /** Value by name, as told. */
    synchronized Map<String, String> values() {
        return new TreeMap<>(values);
    }

    /** Number of objects after each thing told. */
    synchronized List<Integer> sizes() {
        return List.copyOf(sizes);
    }

    synchronized int replacements() {
        return replacements;
    }

    synchronized List<Refusal> refusals() {
        return List.copyOf(refusals);
    }

    /** What was known whenever the server was said to tell again. */
    synchronized List<Map<String, String>> allowances() {
        return List.copyOf(allowances);
    }

    @Override
    public synchronized void replaced(Collection<Thing> objects) {
        replacements++;
        values.clear();
        objects.forEach(object -> values.put(object.key().name(), object.value()));
        sizes.add(values.size());
    }

    @Override
    public synchronized void applied(Thing object) {
        values.put(object.key().name(), object.value());
        sizes.add(values.size());
    }

    @Override
    public synchronized void deleted(ObjectKey key) {
        values.remove(key.name());
        sizes.add(values.size());
    }

    @Override
    public synchronized void refused(Refusal refusal) {
        refusals.add(refusal);
    }

    @Override
    public synchronized void allowed() {
        allowances.add(values());
    }
}
