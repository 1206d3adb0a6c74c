package io.inmesh.kubernetes.internal.table;

import io.inmesh.kubernetes.internal.reflect.ReflectorListener.Refusal;
import io.inmesh.kubernetes.internal.reflect.ReflectorStatus;
import io.inmesh.kubernetes.internal.reflect.Reflectors;
import io.inmesh.kubernetes.internal.reflect.Selection;
import io.inmesh.kubernetes.internal.resource.KubernetesObject;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The objects of a selection that may change. A live watch cannot be given another selection, so a change opens a second
 * watch, and the first one with its objects stays until the second has the whole state. Table thread only, but for
 * {@link #statuses}, {@link #problem} and {@link #spare()}.
 */
final class SelectedObjects<T extends KubernetesObject> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SelectedObjects.class);

    private final Reflectors reflectors;
    private final TableThread thread;
    private final Change<T> onChange;
    private final Runnable onState;
    private final Map<ObjectKey, T> objects = new HashMap<>();
    private volatile @Nullable Stream current;
    private volatile @Nullable Stream next;
    private volatile boolean spare;
    private volatile String consequence = "";
    private String logged = "";

    /** Hears of an object that is new ({@code before} is null), has changed, or is gone ({@code after} is null). */
    interface Change<T> {
        void of(@Nullable T before, @Nullable T after);

        /** For whom it does not matter what the object was. */
        static <T extends KubernetesObject> Change<T> ofKey(Consumer<ObjectKey> hears) {
            return (before, after) -> {
                T either = after == null ? before : after;
                if (either != null) {
                    hears.accept(either.key());
                }
            };
        }
    }

    /**
     * Selects nothing yet.
     *
     * @param onChange called on the table's thread, after the change
     * @param onState called on the table's thread when there is a first state, another selection is in force, or the server
     *     begins or ceases to refuse
     */
    SelectedObjects(Reflectors reflectors, TableThread thread, Change<T> onChange, Runnable onState) {
        this.reflectors = reflectors;
        this.thread = thread;
        this.onChange = onChange;
        this.onState = onState;
    }

    /** Asks for these objects from now on. */
    void select(Selection<T> wanted) {
        select(wanted, none -> false);
    }

    /**
     * The same.
     *
     * @param takes which of the objects known the selection takes, too: a first list that lacks too many of them is not
     *     believed at once
     */
    void select(Selection<T> wanted, Predicate<T> takes) {
        Stream newest = newest();
        if (newest != null && newest.selection.equals(wanted)) {
            return;
        }
        Stream inForce = current;
        if (next != null) {
            next.close();
            next = null;
        }
        if (inForce != null && inForce.selection.equals(wanted)) {
            onState.run();
            return;
        }
        if (inForce == null || inForce.synced) {
            begin(wanted, takes, inForce != null);
        } else {
            inForce.close();
            begin(wanted, takes, false);
        }
    }

    private void begin(Selection<T> wanted, Predicate<T> takes, boolean beside) {
        Set<ObjectKey> expected = objects.values().stream()
                .filter(takes)
                .map(KubernetesObject::key)
                .collect(Collectors.toSet());
        Stream stream = new Stream(wanted);
        if (beside) {
            next = stream;
        } else {
            current = stream;
        }
        stream.running = reflectors.start(wanted, expected, stream.inbox);
    }

    Collection<T> objects() {
        return objects.values();
    }

    /** The objects by their keys; changes with them. */
    Map<ObjectKey, T> byKey() {
        return Collections.unmodifiableMap(objects);
    }

    @Nullable
    T get(ObjectKey key) {
        return objects.get(key);
    }

    /** What the objects were selected by; null while there is no state yet. */
    @Nullable
    Selection<T> inForce() {
        Stream stream = current;
        return stream != null && stream.synced ? stream.selection : null;
    }

    boolean synced() {
        return inForce() != null;
    }

    /** Whether it is known which ones there are, or that it will not be known soon. */
    boolean settled() {
        return synced() || refusal() != null;
    }

    /** Why the server does not tell what is asked for now; null when it does. */
    @Nullable
    Refusal refusal() {
        Stream newest = newest();
        return newest == null ? null : newest.refusal;
    }

    /**
     * Says that it has to stand.
     *
     * @param consequence of a refusal, in words
     */
    void needed(String consequence) {
        this.consequence = consequence;
        spare = false;
    }

    /**
     * Says that it need not stand, because something else takes its place.
     *
     * @param consequence of a refusal, in words; empty when nobody has to do anything about it
     */
    void spare(String consequence) {
        this.consequence = consequence;
        spare = true;
    }

    boolean spare() {
        return spare;
    }

    /** What follows from a refusal there is now, with the server's words; empty when there is none. */
    String problem() {
        Refusal refusal = refusal();
        String words = consequence;
        return refusal == null || words.isEmpty() ? "" : words + ": " + refusal.message();
    }

    /** Of the watches that are open, one or two. */
    List<ReflectorStatus> statuses() {
        List<ReflectorStatus> statuses = new ArrayList<>(2);
        for (Stream stream : streams()) {
            Reflectors.Running running = stream.running;
            if (running != null) {
                statuses.add(running.status());
            }
        }
        return statuses;
    }

    @Override
    public void close() {
        streams().forEach(Stream::close);
        current = null;
        next = null;
        objects.clear();
    }

    private List<Stream> streams() {
        List<Stream> streams = new ArrayList<>(2);
        Stream inForce = current;
        Stream coming = next;
        if (inForce != null) {
            streams.add(inForce);
        }
        if (coming != null) {
            streams.add(coming);
        }
        return streams;
    }

    private @Nullable Stream newest() {
        return next == null ? current : next;
    }

    private void apply(ObjectKey key, @Nullable T after) {
        T before = after == null ? objects.remove(key) : objects.put(key, after);
        if (!Objects.equals(before, after)) {
            onChange.of(before, after);
        }
    }

    private final class Stream {
        private final Selection<T> selection;
        private final Inbox<T> inbox = new Inbox<>(() -> thread.execute(this::takeIn));
        private volatile Reflectors.@Nullable Running running;
        private volatile @Nullable Refusal refusal;
        private boolean synced;
        private boolean closed;

        Stream(Selection<T> selection) {
            this.selection = selection;
        }

        private void takeIn() {
            Inbox.Batch<T> batch = inbox.take();
            if (closed) {
                return;
            }
            boolean news = !Objects.equals(refusal, batch.refusal());
            refusal = batch.refusal();
            if (batch.whole() != null) {
                news |= !synced;
                synced = true;
                takeOver();
                replace(batch.whole());
            }
            batch.changes().forEach((key, object) -> apply(key, object.orElse(null)));
            if (news) {
                onState.run();
                logRefusal();
            }
        }

        private void logRefusal() {
            String problem = problem();
            if (!problem.isEmpty() && !problem.equals(logged)) {
                LOG.warn("{}", problem);
            } else if (problem.isEmpty() && !logged.isEmpty()) {
                LOG.info("{}: allowed now", selection);
            }
            logged = problem;
        }

        private void takeOver() {
            Stream before = current;
            if (before != this) {
                current = this;
                next = null;
                if (before != null) {
                    before.close();
                }
            }
        }

        private void replace(Collection<T> whole) {
            Map<ObjectKey, T> gone = new HashMap<>(objects);
            for (T object : whole) {
                gone.remove(object.key());
                apply(object.key(), object);
            }
            gone.keySet().forEach(key -> apply(key, null));
        }

        private void close() {
            closed = true;
            if (running != null) {
                running.close();
            }
        }
    }
}
