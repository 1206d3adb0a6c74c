package io.inmesh.kubernetes.internal.reflect;

import io.inmesh.kubernetes.internal.reflect.Progress.Count;
import io.inmesh.kubernetes.internal.resource.KubernetesObject;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is known of the selection, and how far in its history. Reflector's thread only. */
final class Picture<T extends KubernetesObject> {
    private static final Logger LOG = LoggerFactory.getLogger(Picture.class);

    private final String selection;
    private final double shrinkGuard;
    private final Progress progress;
    private final Consumer<Consumer<ReflectorListener<T>>> tell;
    private final KnownObjects<T> known = new KnownObjects<>();
    private Position position = Position.NONE;
    private String version = "";
    private boolean synced;

    /** What the version is good for. */
    private enum Position {
        NONE,
        KNOWN,
        LOST
    }

    Picture(String selection, double shrinkGuard, Progress progress, Consumer<Consumer<ReflectorListener<T>>> tell) {
        this.selection = selection;
        this.shrinkGuard = shrinkGuard;
        this.progress = progress;
        this.tell = tell;
    }

    /** Whether there is a version from which a watch can go on. */
    boolean canWatch() {
        return position == Position.KNOWN;
    }

    /** Whether the whole state was known once. */
    boolean synced() {
        return synced;
    }

    /** The version is of no use any more; what is known stays known. */
    void losePosition() {
        position = synced ? Position.LOST : Position.NONE;
    }

    String version() {
        return version;
    }

    /** Whether the list has so little of what is known that the server may be wrong. */
    boolean doubts(Listing<T> list) {
        return synced && known.size() > 0 && list.size() < known.size() * shrinkGuard;
    }

    int differences(Listing<T> list) {
        return known.differences(list);
    }

    /** Takes a list over, and tells of it if it is news. */
    void replace(Listing<T> list) {
        boolean news = !synced || known.differences(list) > 0;
        known.replace(list);
        synced = true;
        confirm(list.resourceVersion());
        if (news) {
            tell.accept(listener -> listener.replaced(known.all()));
        }
    }

    void apply(T object) {
        boolean news = known.put(object);
        progress.count(Count.EVENTS);
        confirm(object.metadata().resourceVersion());
        if (news) {
            tell.accept(listener -> listener.applied(object));
        }
    }

    void delete(ObjectKey key, String deletedAt) {
        boolean news = known.remove(key);
        progress.count(Count.EVENTS);
        confirm(deletedAt);
        if (news) {
            tell.accept(listener -> listener.deleted(key));
        }
    }

    void bookmark(String bookmark) {
        progress.count(Count.BOOKMARKS);
        confirm(bookmark);
    }

    void unreadable(ObjectKey key, String reason) {
        progress.count(Count.UNREADABLE);
        LOG.warn(
                "{}: cannot read {}, whose last good state stays: {}",
                selection,
                key.name().isEmpty() ? "an object without a name" : key,
                reason);
    }

    // An event without a version leaves the one before it, from which it would be heard again.
    private void confirm(String newVersion) {
        if (!newVersion.isEmpty()) {
            version = newVersion;
            position = Position.KNOWN;
        }
        progress.confirmed(version, known.size());
    }
}
