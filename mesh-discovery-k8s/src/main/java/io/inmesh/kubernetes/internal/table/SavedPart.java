package io.inmesh.kubernetes.internal.table;

import com.google.gson.JsonElement;
import com.google.gson.stream.JsonWriter;
import io.inmesh.kubernetes.internal.file.SnapshotFile;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One section of the snapshot file: what a process before this one left, for as long as the server has said nothing of it,
 * and what this one keeps for the next. Thread-safe.
 */
final class SavedPart<K, V> implements SnapshotFile.Content {
    private static final Logger LOG = LoggerFactory.getLogger(SavedPart.class);

    private final @Nullable SnapshotFile file;
    private final String section;
    private final Form<K, V> form;
    private final Supplier<@Nullable Instant> confirmedAt;
    private final Map<K, V> live = new ConcurrentHashMap<>();
    private volatile @Nullable Map<K, V> previous;

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
            previous = Map.of();
        } else {
            file.keep(section, this);
            var unused = file.previous(section).thenAccept(content -> {
                previous = content == null ? Map.of() : read(content);
                onRead.run();
            });
        }
    }

    private Map<K, V> read(JsonElement content) {
        try {
            return new ConcurrentHashMap<>(form.read(content));
        } catch (RuntimeException strange) {
            LOG.warn("The {} in the snapshot file are not used: they are not what InMesh writes", section, strange);
            return new ConcurrentHashMap<>();
        }
    }

    /** Whether it is known what the file holds. */
    boolean ready() {
        return previous != null;
    }

    /** What was known last, by this process or one before it; null when nothing was. */
    @Nullable
    V get(K key) {
        V known = live.get(key);
        Map<K, V> left = previous;
        return known == null && left != null ? left.get(key) : known;
    }

    /** All that a process before this one knew and of which the server has said nothing since. */
    Set<K> left() {
        Map<K, V> left = previous;
        return left == null ? Set.of() : Set.copyOf(left.keySet());
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

    private void letGo(K key) {
        Map<K, V> left = previous;
        if (left != null && !left.isEmpty()) {
            left.remove(key);
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
    public void tooOld() {
        if (previous != null) {
            previous = Map.of();
        }
    }
}
