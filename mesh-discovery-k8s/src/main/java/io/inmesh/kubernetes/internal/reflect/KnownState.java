package io.inmesh.kubernetes.internal.reflect;

import io.inmesh.kubernetes.internal.reflect.Progress.Count;
import io.inmesh.kubernetes.internal.resource.KubernetesObject;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** What is known of the selection, and how far in its history. Reflector's thread only. */
final class KnownState<T extends KubernetesObject> {
    private static final Logger LOG = LoggerFactory.getLogger(KnownState.class);

    private static final int MOST_COMPLAINTS = 1000;

    private final String selection;
    private final double shrinkGuard;
    private final Progress progress;
    private final Consumer<Consumer<ReflectorListener<T>>> tell;
    private final KnownObjects<T> known = new KnownObjects<>();
    private Set<ObjectKey> expected;
    // Those complained of: one warning each, however often they change.
    private final Set<ObjectKey> unreadable = new HashSet<>();
    private boolean positioned;
    private String version = "";
    private boolean synced;

    /** @param expected what the first list should have */
    KnownState(
            String selection,
            Set<ObjectKey> expected,
            double shrinkGuard,
            Progress progress,
            Consumer<Consumer<ReflectorListener<T>>> tell) {
        this.selection = selection;
        this.expected = expected;
        this.shrinkGuard = shrinkGuard;
        this.progress = progress;
        this.tell = tell;
    }

    /** Whether there is a version from which a watch can go on. */
    boolean canWatch() {
        return positioned;
    }

    /** Whether the whole state was known once. */
    boolean synced() {
        return synced;
    }

    /** Whether an old state would be news, too. */
    boolean knowsNothing() {
        return !synced && expected.isEmpty();
    }

    /** The version is of no use any more; what is known stays known. */
    void losePosition() {
        positioned = false;
    }

    String version() {
        return version;
    }

    /** Whether the list has so little of what is known that the server may be wrong. */
    boolean doubts(Listing<T> list) {
        if (synced) {
            return known.size() > 0 && list.size() < known.size() * shrinkGuard;
        }
        return !expected.isEmpty() && expected.stream().filter(list::has).count() < expected.size() * shrinkGuard;
    }

    int differences(Listing<T> list) {
        return known.differences(list);
    }

    /** Takes a list over, and tells of it if it is news. */
    void replace(Listing<T> list) {
        boolean news = !synced || known.differences(list) > 0;
        list.objects().values().stream().filter(known::isNews).forEach(this::tellLeftOut);
        known.replace(list);
        unreadable.retainAll(list.unreadable());
        synced = true;
        expected = Set.of();
        confirm(list.resourceVersion());
        if (news) {
            tell.accept(listener -> listener.replaced(known.all()));
        }
    }

    void apply(T object) {
        unreadable.remove(object.key());
        boolean news = known.put(object);
        progress.count(Count.EVENTS);
        confirm(object.metadata().resourceVersion());
        if (news) {
            tellLeftOut(object);
            tell.accept(listener -> listener.applied(object));
        }
    }

    void delete(ObjectKey key, String deletedAt) {
        unreadable.remove(key);
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
        boolean news = unreadable.size() < MOST_COMPLAINTS && unreadable.add(key);
        LOG.atLevel(news ? Level.WARN : Level.DEBUG)
                .log(
                        "{}: cannot read {}, whose last good state stays: {}",
                        selection,
                        key.name().isEmpty() ? "an object without a name" : key,
                        reason);
    }

    // Once for each version: what is unchanged is no news.
    private void tellLeftOut(T object) {
        if (!object.problems().isEmpty()) {
            progress.count(Count.UNREADABLE);
            LOG.warn("{}: left out of {}: {}", selection, object.key(), String.join("; ", object.problems()));
        }
    }

    // An event without a version leaves the one before it, from which it would be heard again.
    private void confirm(String newVersion) {
        if (!newVersion.isEmpty()) {
            version = newVersion;
            positioned = true;
        }
        progress.confirmed(version, known.size());
    }
}
