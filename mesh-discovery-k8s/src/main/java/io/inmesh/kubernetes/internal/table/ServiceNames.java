package io.inmesh.kubernetes.internal.table;

import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.kubernetes.internal.map.ServiceMapper;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import io.inmesh.kubernetes.internal.resource.Service;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** Tells which services there are, for tables that hold all. Table thread only. */
final class ServiceNames {
    private final TableSettings settings;
    private final Scopes scopes;
    private final SavedPart<ServiceName, ServiceEndpoints> saved;
    private final Runnable onWaitOver;
    private final BoundedWait wait;
    private final Set<Subscriber<Set<ServiceName>>> subscribers = new HashSet<>();
    private Set<ObjectKey> known = Set.of();
    private boolean stale = true;

    /**
     * Tells nobody yet.
     *
     * @param saved what is told before the server has answered
     * @param onWaitOver asks for {@link #refresh}
     */
    ServiceNames(
            TableSettings settings,
            Scopes scopes,
            SavedPart<ServiceName, ServiceEndpoints> saved,
            TableThread thread,
            Runnable onWaitOver) {
        this.settings = settings;
        this.scopes = scopes;
        this.saved = saved;
        this.onWaitOver = onWaitOver;
        this.wait = thread.waitForServer(this::waitedLongEnough);
    }

    void add(Subscriber<Set<ServiceName>> subscriber) {
        subscribers.add(subscriber);
        waitedLongEnough();
    }

    void remove(Subscriber<Set<ServiceName>> subscriber) {
        subscribers.remove(subscriber);
    }

    /** A service has changed, has come or has gone. Returns whether there is something to tell. */
    boolean changed(ObjectKey service) {
        Scope scope = scopes.of(service.namespace());
        boolean there = scope != null && scope.service(service) != null;
        stale |= known.contains(service) != there;
        return stale && !subscribers.isEmpty();
    }

    /** More or other services can be told about now. */
    void stateChanged() {
        stale = true;
    }

    void refresh() {
        if (!stale || subscribers.isEmpty()) {
            return;
        }
        if (!settings.all()) {
            stale = false;
            subscribers.forEach(subscriber -> subscriber.tell(Set.of()));
            return;
        }
        boolean settled = scopes.all().stream().allMatch(scope -> scope.synced() || scope.servicesRefused());
        boolean anything = scopes.all().stream().anyMatch(Scope::synced);
        if (anything && (settled || wait.over())) {
            stale = false;
            known = scopes.services().map(Service::key).collect(Collectors.toSet());
            String domain = settings.self().clusterDomain();
            tell(known.stream().map(key -> ServiceMapper.name(key, domain)).collect(Collectors.toSet()));
        } else if (!anything && wait.over() && saved.ready()) {
            tell(saved.left());
        }
    }

    private void tell(Set<ServiceName> names) {
        subscribers.forEach(subscriber -> subscriber.tell(names));
    }

    private void waitedLongEnough() {
        stale = true;
        onWaitOver.run();
    }
}
