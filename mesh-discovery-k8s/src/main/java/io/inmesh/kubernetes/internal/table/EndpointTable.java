package io.inmesh.kubernetes.internal.table;

import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.Workload;
import io.inmesh.endpoint.WorkloadSelector;
import io.inmesh.kubernetes.internal.file.SnapshotFile;
import io.inmesh.kubernetes.internal.reflect.ReflectorStatus;
import io.inmesh.kubernetes.internal.reflect.Reflectors;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import io.inmesh.kubernetes.internal.table.TableStatus.Source;
import io.inmesh.kubernetes.internal.time.StartWait;
import io.inmesh.kubernetes.internal.time.Timing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cached table: services and their endpoints as the API server told them last, for those who ask. Thread-safe; all
 * state belongs to one thread, on which those who ask are told, too.
 *
 * <p>What changes is collected while the thread is busy, and each service that changed is mapped once, from all that is
 * known of it.
 */
public final class EndpointTable implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EndpointTable.class);

    /** What nobody asks for any more is kept in the file for so long: a process that ends asks for nothing, too. */
    private static final Duration KEEP_SAVED = Duration.ofMinutes(1);

    private final TableThread thread;
    private final Watches watches;
    private final WorkloadEntries workloadEntries;
    private final NodeLocalities nodes;
    private final Scopes scopes;
    private final SavedTable saved;
    private final ServiceKeys keys;
    private final ServiceNames names;
    private final Map<ObjectKey, TableEntry> entries = new ConcurrentHashMap<>();
    private final Set<ObjectKey> dirty = new LinkedHashSet<>();
    private final Set<WorkloadFeed> workloads = new HashSet<>();
    private final Set<Subscriber<?>> subscribers = ConcurrentHashMap.newKeySet();
    private boolean flushing;

    /**
     * Starts a table.
     *
     * @param file null when nothing is kept on disk
     * @param startWait for the first word of the cluster, shared with all who wait for it
     * @param scheduler the table's thread; ended by {@link #close}
     */
    public EndpointTable(
            TableSettings settings,
            Reflectors reflectors,
            @Nullable SnapshotFile file,
            Timing timing,
            StartWait startWait,
            ScheduledExecutorService scheduler) {
        thread = new TableThread(scheduler, timing, startWait);
        watches = new Watches(reflectors, thread);
        keys = new ServiceKeys(settings.self().clusterDomain());
        saved = new SavedTable(file, this::confirmedAt);
        workloadEntries = new WorkloadEntries(watches, this::workloadEntriesChanged);
        nodes = new NodeLocalities(watches, settings.nodes(), this::allChanged);
        scopes = new Scopes(settings, watches, thread, workloadEntries, nodes, this::changed, scope -> {
            if (scope.synced() || scope.servicesRefused()) {
                startWait.heard();
            }
            allChanged();
        });
        names = new ServiceNames(settings, scopes, saved.services(), thread, this::flush);
        thread.execute(() -> {
            saved.begin(() -> thread.execute(this::allChanged));
            nodes.begin();
            scopes.begin();
        });
    }

    /** Whether a service may be there; neither waits nor looks anything up. */
    public boolean mayKnow(ServiceName name) {
        ObjectKey key = keys.of(name);
        return key != null && scopes.mayHold(key.namespace());
    }

    /**
     * Tells about a service from now on.
     *
     * @param labels whether the labels of its endpoints are wanted
     */
    public AutoCloseable watch(ServiceName name, boolean labels, Consumer<ServiceEndpoints> consumer) {
        ObjectKey key = keys.of(name);
        if (key == null) {
            consumer.accept(ServiceEndpoints.absent(name));
            return () -> {};
        }
        return subscribe(consumer, subscriber -> {
            scopes.need(key);
            entries.computeIfAbsent(key, any -> entry(name, key)).add(subscriber, labels);
            return () -> forget(key, subscriber);
        });
    }

    private TableEntry entry(ServiceName name, ObjectKey key) {
        return new TableEntry(name, key, scopes, saved.services(), watches, thread, () -> changed(key));
    }

    private void forget(ObjectKey key, Subscriber<ServiceEndpoints> subscriber) {
        TableEntry entry = entries.get(key);
        if (entry == null || !entry.remove(subscriber)) {
            changed(key);
            return;
        }
        entries.remove(key);
        entry.close();
        saved.note();
        scopes.release(key);
        thread.after(KEEP_SAVED, () -> {
            if (!entries.containsKey(key)) {
                saved.services().forget(entry.name());
            }
        });
    }

    /** Tells which services there are, where all are watched; else none. */
    public AutoCloseable watchNames(Consumer<Set<ServiceName>> consumer) {
        return subscribe(consumer, subscriber -> {
            names.add(subscriber);
            return () -> names.remove(subscriber);
        });
    }

    /** Tells which workloads a selector takes. */
    public AutoCloseable watchWorkloads(WorkloadSelector selector, Consumer<List<Workload>> consumer) {
        if (!scopes.mayHold(selector.namespace())) {
            consumer.accept(List.of());
            return () -> {};
        }
        return subscribe(consumer, subscriber -> {
            WorkloadFeed feed =
                    new WorkloadFeed(selector, watches, workloadEntries, nodes, saved.workloads(), thread, subscriber);
            workloads.add(feed);
            return () -> {
                workloads.remove(feed);
                saved.note();
                feed.close();
                thread.after(KEEP_SAVED, () -> {
                    if (workloads.stream().noneMatch(other -> other.selector().equals(selector))) {
                        saved.workloads().forget(selector);
                    }
                });
            };
        });
    }

    /** What to do on the table's thread when somebody comes; answers what to do when he leaves. */
    private interface Arrival<T> {
        Runnable of(Subscriber<T> subscriber);
    }

    private <T> AutoCloseable subscribe(Consumer<T> consumer, Arrival<T> arrival) {
        Subscriber<T> subscriber = new Subscriber<>(consumer);
        CompletableFuture<Runnable> departure = new CompletableFuture<>();
        subscribers.add(subscriber);
        thread.execute(() -> departure.complete(arrival.of(subscriber)));
        return () -> {
            subscriber.leave();
            if (subscribers.remove(subscriber)) {
                thread.execute(() -> departure.getNow(() -> {}).run());
            }
        };
    }

    private void changed(ObjectKey service) {
        boolean needed = entries.containsKey(service);
        if (needed) {
            dirty.add(service);
        }
        if (names.changed(service) || needed) {
            flush();
        }
    }

    private void allChanged() {
        names.stateChanged();
        dirty.addAll(entries.keySet());
        workloads.forEach(WorkloadFeed::refresh);
        flush();
    }

    private void workloadEntriesChanged(String namespace) {
        for (ObjectKey key : entries.keySet()) {
            if (namespace.isEmpty() || key.namespace().equals(namespace)) {
                dirty.add(key);
            }
        }
        workloads.stream().filter(feed -> feed.namespace().equals(namespace)).forEach(WorkloadFeed::refresh);
        flush();
    }

    /** Asks for what has changed to be told, after everything that waits already has been taken in. */
    private void flush() {
        if (!flushing) {
            flushing = true;
            thread.execute(this::tellChanges);
        }
    }

    private void tellChanges() {
        flushing = false;
        names.refresh();
        List<ObjectKey> changed = List.copyOf(dirty);
        dirty.clear();
        for (ObjectKey key : changed) {
            TableEntry entry = entries.get(key);
            if (entry != null) {
                try {
                    entry.refresh();
                } catch (RuntimeException strange) {
                    LOG.error(
                            "The endpoints of {} cannot be made out; what is known of it stays", entry.name(), strange);
                }
            }
        }
    }

    /** How it is doing. */
    public TableStatus status() {
        Map<String, Source> services = new TreeMap<>();
        entries.values().forEach(entry -> services.put(entry.name().host(), entry.source()));
        List<String> problems = new ArrayList<>(watches.problems());
        entries.values().stream()
                .map(TableEntry::problem)
                .filter(problem -> !problem.isEmpty())
                .sorted()
                .forEach(problems::add);
        if (!saved.problem().isEmpty()) {
            problems.add(saved.problem());
        }
        return new TableStatus(watches.states(), services, problems);
    }

    /** When the watch was confirmed that waits longest for it; null while none has been. */
    private @Nullable Instant confirmedAt() {
        return ReflectorStatus.oldestConfirmation(
                watches.states().stream().filter(watch -> !watch.spare()).map(watch -> watch.status()));
    }

    /** Brings the file up to date and ends all watches; nobody is told anything more. Idempotent. */
    @Override
    public void close() {
        subscribers.forEach(Subscriber::leave);
        saved.note();
        saved.flush();
        thread.close(watches::closeAll);
    }
}
