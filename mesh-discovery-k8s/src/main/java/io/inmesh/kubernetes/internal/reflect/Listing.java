package io.inmesh.kubernetes.internal.reflect;

import io.inmesh.kubernetes.internal.resource.KubernetesObject;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** A whole state while it is read. Not thread-safe. */
final class Listing<T extends KubernetesObject> {
    private final Map<ObjectKey, T> objects = new HashMap<>();
    private final Set<ObjectKey> unreadable = new HashSet<>();
    private String resourceVersion = "";

    void put(T object) {
        objects.put(object.key(), object);
        unreadable.remove(object.key());
    }

    void remove(ObjectKey key) {
        objects.remove(key);
        unreadable.remove(key);
    }

    /** There is such an object, but what it says is not to be understood. */
    void unreadable(ObjectKey key) {
        objects.remove(key);
        unreadable.add(key);
    }

    void endsAt(String version) {
        resourceVersion = version;
    }

    Map<ObjectKey, T> objects() {
        return objects;
    }

    Set<ObjectKey> unreadable() {
        return unreadable;
    }

    String resourceVersion() {
        return resourceVersion;
    }

    /** Whether there is such an object, readable or not. */
    boolean has(ObjectKey key) {
        return objects.containsKey(key) || unreadable.contains(key);
    }

    int size() {
        return objects.size() + unreadable.size();
    }
}
