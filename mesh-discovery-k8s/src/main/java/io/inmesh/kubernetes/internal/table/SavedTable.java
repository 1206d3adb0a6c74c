package io.inmesh.kubernetes.internal.table;

import com.google.gson.JsonElement;
import com.google.gson.stream.JsonWriter;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.kubernetes.internal.file.SnapshotFile;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table in the snapshot file: what a process before this one left, and what this one keeps for the next. Thread-safe.
 */
final class SavedTable implements SnapshotFile.Content {
    private static final Logger LOG = LoggerFactory.getLogger(SavedTable.class);
    private static final String SECTION = "endpoints";

    private final @Nullable SnapshotFile file;
    private final Supplier<@Nullable Instant> confirmed;
    private final Map<ServiceName, ServiceEndpoints> live = new ConcurrentHashMap<>();
    private volatile @Nullable Map<ServiceName, ServiceEndpoints> previous;
    private volatile @Nullable Instant lastConfirmed;

    /**
     * Holds nothing yet.
     *
     * @param file null when nothing is kept
     * @param confirmed tells when the server last confirmed the whole table, null when it never has
     */
    SavedTable(@Nullable SnapshotFile file, Supplier<@Nullable Instant> confirmed) {
        this.file = file;
        this.confirmed = confirmed;
    }

    /**
     * Makes the table part of the file.
     *
     * @param onRead called on any thread when the file has been read
     */
    void begin(Runnable onRead) {
        if (file == null) {
            previous = Map.of();
        } else {
            file.keep(SECTION, this);
            var unused = file.previous(SECTION).thenAccept(content -> {
                previous = content == null ? Map.of() : read(content);
                onRead.run();
            });
        }
    }

    private static Map<ServiceName, ServiceEndpoints> read(JsonElement content) {
        try {
            Map<ServiceName, ServiceEndpoints> services = new ConcurrentHashMap<>();
            for (ServiceEndpoints service : SavedServices.read(content)) {
                services.put(service.service(), service);
            }
            return services;
        } catch (RuntimeException strange) {
            LOG.warn("The endpoints in the snapshot file are not used: they are not what InMesh writes", strange);
            return Map.of();
        }
    }

    /** Whether it is known what the file holds. */
    boolean ready() {
        return previous != null;
    }

    /** A service as a process before this one knew it last; null when it did not. */
    @Nullable
    ServiceEndpoints service(ServiceName name) {
        Map<ServiceName, ServiceEndpoints> services = previous;
        return services == null ? null : services.get(name);
    }

    /** All services that a process before this one knew. */
    Set<ServiceName> services() {
        Map<ServiceName, ServiceEndpoints> services = previous;
        return services == null ? Set.of() : Set.copyOf(services.keySet());
    }

    /** Keeps what the server has said. */
    void put(ServiceEndpoints service) {
        if (file != null && !service.equals(live.put(service.service(), service))) {
            file.changed(SECTION);
        }
    }

    void remove(ServiceName name) {
        if (file != null && live.remove(name) != null) {
            file.changed(SECTION);
        }
    }

    @Override
    public @Nullable Instant confirmedAt() {
        note();
        return live.isEmpty() ? null : lastConfirmed;
    }

    /** Remembers when the table was last confirmed, for when its watches will have been closed. */
    void note() {
        Instant now = file == null ? null : confirmed.get();
        if (now != null) {
            lastConfirmed = now;
        }
    }

    @Override
    public void write(JsonWriter json) throws IOException {
        SavedServices.write(List.copyOf(live.values()), json);
    }

    /** Writes what has changed now. */
    void flush() {
        if (file != null) {
            file.flush();
        }
    }

    /** Why the file could not be used; empty when all is well. */
    String problem() {
        return file == null ? "" : file.problem();
    }
}
