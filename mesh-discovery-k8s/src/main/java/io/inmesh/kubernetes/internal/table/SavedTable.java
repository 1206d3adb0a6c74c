package io.inmesh.kubernetes.internal.table;

import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.Workload;
import io.inmesh.endpoint.WorkloadSelector;
import io.inmesh.kubernetes.internal.file.SnapshotFile;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The table in the snapshot file. Thread-safe. */
final class SavedTable {
    private final @Nullable SnapshotFile file;
    private final Supplier<@Nullable Instant> confirmed;
    private final SavedPart<ServiceName, ServiceEndpoints> services;
    private final SavedPart<WorkloadSelector, List<Workload>> workloads;
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
        this.services = new SavedPart<>(file, "endpoints", new SavedServices(), this::noted);
        this.workloads = new SavedPart<>(file, "workloads", new SavedWorkloads(), this::noted);
    }

    /**
     * Makes the table part of the file.
     *
     * @param onRead called on any thread when the file has been read
     */
    void begin(Runnable onRead) {
        services.begin(onRead);
        workloads.begin(onRead);
    }

    SavedPart<ServiceName, ServiceEndpoints> services() {
        return services;
    }

    SavedPart<WorkloadSelector, List<Workload>> workloads() {
        return workloads;
    }

    private @Nullable Instant noted() {
        note();
        return lastConfirmed;
    }

    /** Remembers when the table was last confirmed, for when its watches will have been closed. */
    void note() {
        Instant now = file == null ? null : confirmed.get();
        if (now != null) {
            lastConfirmed = now;
        }
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
