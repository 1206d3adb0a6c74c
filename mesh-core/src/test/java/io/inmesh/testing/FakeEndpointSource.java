package io.inmesh.testing;

import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.EndpointSource;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.SourceProblem;
import io.inmesh.endpoint.Workload;
import io.inmesh.endpoint.WorkloadSelector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Says what a test tells it to say, on the test's thread; silent about services and workloads it was not told of. Labels
 * of endpoints are for those who ask for them. Thread-safe.
 */
public final class FakeEndpointSource implements EndpointSource {
    private final String name;
    private final Map<ServiceName, Listener<ServiceEndpoints>> plain = new TreeMap<>();
    private final Map<ServiceName, Listener<ServiceEndpoints>> labelled = new TreeMap<>();
    private final Map<WorkloadSelector, Listener<List<Workload>>> selectors = new HashMap<>();
    private final List<Listener<Set<ServiceName>>> nameListeners = new ArrayList<>();
    private final Map<ServiceName, ServiceEndpoints> withoutLabels = new HashMap<>();
    private final Map<ServiceName, ServiceEndpoints> withLabels = new HashMap<>();
    private final Map<WorkloadSelector, List<Workload>> workloads = new HashMap<>();
    private final Set<ServiceName> mayKnow = new TreeSet<>();
    private final List<ServiceName> asked = new ArrayList<>();
    private final List<ServiceName> opened = new ArrayList<>();
    private @Nullable Set<ServiceName> names = Set.of();
    private @Nullable RuntimeException broken;
    private List<SourceProblem> problems = List.of();
    private boolean away;
    private boolean closed;

    /** A source that knows nothing yet. */
    public FakeEndpointSource(String name) {
        this.name = name;
    }

    /** Whoever watches; gets the newest value, one at a time, and nothing once closed. */
    private static final class Listener<V> {
        private final Supplier<@Nullable V> newest;
        private final Consumer<V> onUpdate;
        private boolean closed;

        Listener(Supplier<@Nullable V> newest, Consumer<V> onUpdate) {
            this.newest = newest;
            this.onUpdate = onUpdate;
        }

        synchronized void tell() {
            V value = newest.get();
            if (!closed && value != null) {
                onUpdate.accept(value);
            }
        }

        synchronized void close() {
            closed = true;
        }
    }

    /** Says how a service is now; kept for those who ask later. */
    public void tell(ServiceEndpoints update) {
        tellWithoutLabels(update);
        tellWithLabels(update);
    }

    /** Says it to those who asked for labels; to the others the source is as silent as before. */
    public void tellWithLabels(ServiceEndpoints update) {
        Listener<ServiceEndpoints> listener;
        synchronized (this) {
            withLabels.put(update.service(), update);
            listener = labelled.get(update.service());
        }
        tell(listener);
    }

    /** Says it to those who did not ask for labels; to the others the source is as silent as before. */
    public void tellWithoutLabels(ServiceEndpoints update) {
        Listener<ServiceEndpoints> listener;
        synchronized (this) {
            withoutLabels.put(update.service(), stripped(update));
            listener = plain.get(update.service());
        }
        tell(listener);
    }

    /** Says which services there are. */
    public void tellNames(String... hosts) {
        List<Listener<Set<ServiceName>>> listeners;
        synchronized (this) {
            names = Arrays.stream(hosts).map(ServiceName::new).collect(Collectors.toSet());
            listeners = List.copyOf(nameListeners);
        }
        listeners.forEach(Listener::tell);
    }

    /** Says nothing about names until told to. */
    public synchronized void withholdNames() {
        names = null;
    }

    /** Says which workloads a selector takes; kept for those who ask later. */
    public void tellWorkloads(WorkloadSelector selector, Workload... selected) {
        Listener<List<Workload>> listener;
        synchronized (this) {
            workloads.put(selector, List.of(selected));
            listener = selectors.get(selector);
        }
        tell(listener);
    }

    /** Lets calls ask for these services. */
    public synchronized void offer(String... hosts) {
        Arrays.stream(hosts).map(ServiceName::new).forEach(mayKnow::add);
    }

    /** Refuses every watch of a service or of workloads from now on, until null is given. */
    public synchronized void refuseWith(@Nullable RuntimeException failure) {
        broken = failure;
    }

    private static <V> void tell(@Nullable Listener<V> listener) {
        if (listener != null) {
            listener.tell();
        }
    }

    private static ServiceEndpoints stripped(ServiceEndpoints update) {
        Map<Integer, List<Endpoint>> endpoints = new HashMap<>();
        update.endpoints()
                .forEach((port, list) -> endpoints.put(
                        port,
                        list.stream()
                                .map(endpoint -> new Endpoint(
                                        endpoint.id(),
                                        endpoint.address(),
                                        endpoint.port(),
                                        endpoint.locality(),
                                        endpoint.weight(),
                                        Map.of(),
                                        endpoint.condition()))
                                .toList()));
        return update.withEndpoints(endpoints);
    }

    @Override
    public AutoCloseable watch(ServiceName service, Consumer<ServiceEndpoints> onUpdate) {
        Listener<ServiceEndpoints> listener = new Listener<>(() -> newest(withoutLabels, service), onUpdate);
        opened(service);
        return begin(plain, service, listener);
    }

    @Override
    public AutoCloseable watchWithLabels(ServiceName service, Consumer<ServiceEndpoints> onUpdate) {
        Listener<ServiceEndpoints> listener = new Listener<>(() -> newest(withLabels, service), onUpdate);
        opened(service);
        return begin(labelled, service, listener);
    }

    private synchronized void opened(ServiceName service) {
        opened.add(service);
    }

    @Override
    public AutoCloseable watchWorkloads(WorkloadSelector selector, Consumer<List<Workload>> onUpdate) {
        return begin(selectors, selector, new Listener<>(() -> newest(workloads, selector), onUpdate));
    }

    @Override
    public AutoCloseable watchNames(Consumer<Set<ServiceName>> onNames) {
        Listener<Set<ServiceName>> listener = new Listener<>(this::names, onNames);
        synchronized (this) {
            checkOpen();
            nameListeners.add(listener);
        }
        listener.tell();
        return () -> {
            listener.close();
            synchronized (this) {
                nameListeners.remove(listener);
            }
        };
    }

    private <K, V> AutoCloseable begin(Map<K, Listener<V>> listeners, K key, Listener<V> listener) {
        synchronized (this) {
            checkUsable();
            if (listeners.putIfAbsent(key, listener) != null) {
                throw new IllegalStateException(key + " is watched twice");
            }
        }
        listener.tell();
        return () -> {
            listener.close();
            synchronized (this) {
                listeners.remove(key, listener);
            }
        };
    }

    private void checkUsable() {
        if (broken != null) {
            throw broken;
        }
        checkOpen();
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException(name + " is closed");
        }
    }

    private synchronized <K, V> @Nullable V newest(Map<K, V> values, K key) {
        return values.get(key);
    }

    private synchronized @Nullable Set<ServiceName> names() {
        return names;
    }

    @Override
    public synchronized boolean mayKnow(ServiceName service) {
        asked.add(service);
        return mayKnow.contains(service);
    }

    /** Is away from now on, or back. */
    public synchronized void away(boolean isAway) {
        away = isAway;
    }

    /** Has these problems from now on. */
    public synchronized void complain(SourceProblem... newProblems) {
        problems = List.of(newProblems);
    }

    @Override
    public synchronized boolean current() {
        return !away;
    }

    @Override
    public synchronized List<SourceProblem> problems() {
        return problems;
    }

    /** Services that somebody watches, one way or the other. */
    public synchronized Set<ServiceName> watched() {
        Set<ServiceName> watched = new TreeSet<>(plain.keySet());
        watched.addAll(labelled.keySet());
        return watched;
    }

    /** Services that somebody watches without their labels. */
    public synchronized Set<ServiceName> watchedWithoutLabels() {
        return new TreeSet<>(plain.keySet());
    }

    /** Services that somebody watches with their labels. */
    public synchronized Set<ServiceName> watchedWithLabels() {
        return new TreeSet<>(labelled.keySet());
    }

    /** Selectors that somebody watches. */
    public synchronized Set<WorkloadSelector> watchedSelectors() {
        return Set.copyOf(selectors.keySet());
    }

    /** How many watch the names. */
    public synchronized int nameWatches() {
        return nameListeners.size();
    }

    /** What {@link #mayKnow} was asked, in order. */
    public synchronized List<ServiceName> asked() {
        return List.copyOf(asked);
    }

    /** Services whose watch was tried, in order. */
    public synchronized List<ServiceName> opened() {
        return List.copyOf(opened);
    }

    /** Whether it has been closed. */
    public synchronized boolean closed() {
        return closed;
    }

    @Override
    public String name() {
        return name;
    }

    /** Ends all watches. */
    @Override
    public void close() {
        List<Listener<?>> all = new ArrayList<>();
        synchronized (this) {
            closed = true;
            all.addAll(plain.values());
            all.addAll(labelled.values());
            all.addAll(selectors.values());
            all.addAll(nameListeners);
        }
        all.forEach(Listener::close);
    }
}
