package io.inmesh.kubernetes.internal.table;

import io.inmesh.endpoint.ServiceName;
import io.inmesh.kubernetes.internal.map.ServiceMapper;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import io.inmesh.kubernetes.internal.resource.Service;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** Tells which services there are, for tables that hold all. Table thread only. */
final class ServiceNames {
    private final TableContext context;
    private final Runnable onWaitOver;
    private final BoundedWait wait;
    private final Set<Subscriber<Set<ServiceName>>> subscribers = new HashSet<>();
    private Set<ObjectKey> known = Set.of();
    private boolean stale = true;

    ServiceNames(TableContext context, Runnable onWaitOver) {
        this.context = context;
        this.onWaitOver = onWaitOver;
        this.wait = BoundedWait.atStart(context, this::waitedLongEnough);
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
        Scope scope = context.scopes().of(service.namespace());
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
        if (!context.settings().all()) {
            stale = false;
            subscribers.forEach(subscriber -> subscriber.tell(Set.of()));
            return;
        }
        boolean settled = context.scopes().all().stream().allMatch(scope -> scope.synced() || scope.servicesRefused());
        boolean anything = context.scopes().all().stream().anyMatch(Scope::synced);
        if (anything && (settled || wait.over())) {
            stale = false;
            known = context.scopes().services().map(Service::key).collect(Collectors.toSet());
            String domain = context.settings().self().clusterDomain();
            tell(known.stream().map(key -> ServiceMapper.name(key, domain)).collect(Collectors.toSet()));
        } else if (!anything && wait.over() && context.saved().services().ready()) {
            tell(context.saved().services().left());
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
