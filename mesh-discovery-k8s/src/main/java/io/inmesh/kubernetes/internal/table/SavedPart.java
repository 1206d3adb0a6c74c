package io.inmesh.kubernetes.internal.table;

import com.google.gson.JsonElement;
import com.google.gson.stream.JsonWriter;
import io.inmesh.kubernetes.internal.file.SnapshotFile;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One section of the snapshot file: what a process before this one left, for as long as the server has said nothing of it,
 * and what this one keeps for the next. What is too old and was not asked for by then is let go of. Thread-safe.
 */
final class SavedPart<K, V> implements SnapshotFile.Content {
    private static final Logger LOG = LoggerFactory.getLogger(SavedPart.class);

    private final @Nullable SnapshotFile file;
    private final String section;
    private final Form<K, V> form;
    private final Supplier<@Nullable Instant> confirmedAt;
    private final Map<K, V> live = new ConcurrentHashMap<>();

    /** Given out from the file; whoever has it keeps it, however old it becomes. */
    private final Set<K> given = new HashSet<>();

    /** Of what the server has spoken before the file was read. */
    private final Set<K> spoken = new HashSet<>();

    private @Nullable Map<K, V> previous;

    /** How it stands in the file. */
    interface Form<K, V> {
        /**
         * What was written.
         *
         * @throws RuntimeException when it was not written by {@link #write}
         */
        Map<K, V> read(JsonElement content);

        /** Writes one JSON value. */
        void write(Map<K, V> all, JsonWriter json) throws IOException;
    }

    /**
     * Holds nothing yet.
     *
     * @param file null when nothing is kept
     * @param confirmedAt tells when the server last confirmed the whole table, null when it never has
     */
    SavedPart(@Nullable SnapshotFile file, String section, Form<K, V> form, Supplier<@Nullable Instant> confirmedAt) {
        this.file = file;
        this.section = section;
        this.form = form;
        this.confirmedAt = confirmedAt;
    }

    /**
     * Makes it part of the file.
     *
     * @param onRead called on any thread when the file has been read
     */
    void begin(Runnable onRead) {
        if (file == null) {
            take(new HashMap<>());
        } else {
            file.keep(section, this);
            var unused = file.previous(section).thenAccept(content -> {
                take(content == null ? new HashMap<>() : read(content));
                onRead.run();
            });
        }
    }

    private synchronized void take(Map<K, V> left) {
        left.keySet().removeAll(spoken);
        spoken.clear();
        previous = left;
    }

    private Map<K, V> read(JsonElement content) {
        try {
            return new HashMap<>(form.read(content));
        } catch (RuntimeException strange) {
            LOG.warn("The {} in the snapshot file are not used: they are not what InMesh writes", section, strange);
            return new HashMap<>();
        }
    }

    /** Whether it is known what the file holds. */
    synchronized boolean ready() {
        return previous != null;
    }

    /** What was known last, by this process or one before it; null when nothing was. */
    @Nullable
    synchronized V get(K key) {
        V known = live.get(key);
        Map<K, V> left = previous;
        if (known != null || left == null) {
            return known;
        }
        V old = left.get(key);
        if (old != null) {
            given.add(key);
        }
        return old;
    }

    /** All that a process before this one knew and of which the server has said nothing since. */
    synchronized Set<K> left() {
        Map<K, V> left = previous;
        if (left == null) {
            return Set.of();
        }
        given.addAll(left.keySet());
        return Set.copyOf(left.keySet());
    }

    /** Keeps what the server has said. */
    void put(K key, V value) {
        if (file != null) {
            letGo(key);
            if (!value.equals(live.put(key, value))) {
                file.changed(section);
            }
        }
    }

    /** The server has said that there is no such thing. */
    void gone(K key) {
        letGo(key);
        forget(key);
    }

    /** Nobody asks for it any more. */
    void forget(K key) {
        if (file != null && live.remove(key) != null) {
            file.changed(section);
        }
    }

    private synchronized void letGo(K key) {
        Map<K, V> left = previous;
        if (left == null) {
            spoken.add(key);
        } else {
            left.remove(key);
            given.remove(key);
        }
    }

    @Override
    public @Nullable Instant confirmedAt() {
        Instant at = confirmedAt.get();
        return live.isEmpty() ? null : at;
    }

    @Override
    public void write(JsonWriter json) throws IOException {
        form.write(Map.copyOf(live), json);
    }

    @Override
    public synchronized void tooOld() {
        Map<K, V> left = previous;
        if (left != null) {
            left.keySet().retainAll(given);
        }
    }
}
