package io.inmesh.kubernetes.internal.reflect;

import io.inmesh.kubernetes.internal.resource.KubernetesObject;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The objects as the listener knows them. Not thread-safe. */
final class KnownObjects<T extends KubernetesObject> {
    private Map<ObjectKey, T> objects = new HashMap<>();

    int size() {
        return objects.size();
    }

    Collection<T> all() {
        return List.copyOf(objects.values());
    }

    /** Whether the object is another than the one known. */
    boolean isNews(T object) {
        return !same(objects.get(object.key()), object);
    }

    /** Returns whether the object is another than before. */
    boolean put(T object) {
        return !same(objects.put(object.key(), object), object);
    }

    /** Returns whether there was such an object. */
    boolean remove(ObjectKey key) {
        return objects.remove(key) != null;
    }

    /** How many objects the list has otherwise: other, more or fewer. What it cannot read counts as unchanged. */
    int differences(Listing<T> list) {
        int changed = 0;
        for (T listed : list.objects().values()) {
            if (isNews(listed)) {
                changed++;
            }
        }
        for (ObjectKey known : objects.keySet()) {
            if (!list.objects().containsKey(known) && !list.unreadable().contains(known)) {
                changed++;
            }
        }
        return changed;
    }

    /** Takes the list over; what it cannot read stays as it was. */
    void replace(Listing<T> list) {
        Map<ObjectKey, T> next = list.objects();
        for (ObjectKey key : list.unreadable()) {
            T lastGood = objects.get(key);
            if (lastGood != null) {
                next.put(key, lastGood);
            }
        }
        objects = next;
    }

    // An object deleted and made again can carry the same content, not the same version.
    private static <T extends KubernetesObject> boolean same(@Nullable T known, T other) {
        if (known == null) {
            return false;
        }
        String version = other.metadata().resourceVersion();
        return version.isEmpty()
                ? known.equals(other)
                : version.equals(known.metadata().resourceVersion())
                        && known.metadata().uid().equals(other.metadata().uid());
    }
}
