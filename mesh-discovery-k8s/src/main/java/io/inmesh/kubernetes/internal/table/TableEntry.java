package io.inmesh.kubernetes.internal.table;

import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import io.inmesh.kubernetes.internal.resource.Resources;
import io.inmesh.kubernetes.internal.resource.Service;
import io.inmesh.kubernetes.internal.table.TableStatus.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One service that somebody wants to hear of. What is told once stays true until the server says otherwise: an entry goes
 * from waiting over the snapshot file or the service's name to what the server says, and from there never back. Table
 * thread only, but for {@link #source}.
 */
final class TableEntry {
    private final ServiceName name;
    private final ObjectKey key;
    private final Scopes scopes;
    private final SavedPart<ServiceName, ServiceEndpoints> saved;
    private final PodLabels labels;
    private final PodPlaces places;
    private final MovingEndpoints moving;
    private final BoundedWait forServer;
    private final BoundedWait forRest;
    private final BoundedWait forReturn;
    private final List<Subscriber<ServiceEndpoints>> plain = new ArrayList<>();
    private final List<Subscriber<ServiceEndpoints>> labelled = new ArrayList<>();
    private volatile Source source = Source.WAITING;
    private volatile String problem = "";
    private @Nullable ServiceEndpoints latest;

    /**
     * Makes an entry that nobody listens to yet.
     *
     * @param saved what is told before the server has answered
     * @param again asks for {@link #refresh}
     */
    TableEntry(
            ServiceName name,
            ObjectKey key,
            Scopes scopes,
            SavedPart<ServiceName, ServiceEndpoints> saved,
            Watches watches,
            TableThread thread,
            Runnable again) {
        this.name = name;
        this.key = key;
        this.scopes = scopes;
        this.saved = saved;
        this.labels = new PodLabels(name, watches, thread, again);
        this.places = new PodPlaces(name, watches, again);
        this.moving = new MovingEndpoints(thread, again);
        this.forServer = thread.waitForServer(again);
        this.forRest = thread.waitForMore(again);
        this.forReturn = new BoundedWait(thread, () -> MovingEndpoints.HOLD, again);
    }

    ServiceName name() {
        return name;
    }

    Source source() {
        return source;
    }

    /** What the Service asks for in vain, a sentence; empty for nothing. From any thread. */
    String problem() {
        return problem;
    }

    void add(Subscriber<ServiceEndpoints> subscriber, boolean withLabels) {
        (withLabels ? labelled : plain).add(subscriber);
        refresh();
    }

    /** Returns whether nobody is left. */
    boolean remove(Subscriber<ServiceEndpoints> subscriber) {
        plain.remove(subscriber);
        labelled.remove(subscriber);
        return plain.isEmpty() && labelled.isEmpty();
    }

    /** Ends what was watched for this service alone. */
    void close() {
        labels.close();
        places.close();
    }

    /** Finds out how the service is now and tells it. */
    void refresh() {
        Scope scope = scopes.of(key.namespace());
        if (scope == null && scopes.mayHold(key.namespace())) {
            unknown();
            return;
        }
        if (scope == null) {
            source = Source.ABSENT;
            tell(ServiceEndpoints.absent(name));
            return;
        }
        Service service = scope.service(key);
        problem = service == null ? "" : ignored(service);
        if (service != null) {
            labels.follow(service, !labelled.isEmpty());
            places.follow(service, scope.slices(key));
        }
        boolean unheard = service == null && source != Source.LIVE && scope.servicesRefused();
        if (!scope.synced() || unheard) {
            unknown();
        } else if (service == null) {
            gone();
        } else if (!scope.knowsEndpoints(key)) {
            unknown();
        } else if (source == Source.LIVE || scope.settled() || forRest.over()) {
            known(scope, service);
        } else {
            unknown();
        }
    }

    private static String ignored(Service service) {
        boolean annotated = service.metadata().annotations().containsKey(Resources.TRAFFIC_DISTRIBUTION);
        if (!annotated && service.trafficDistribution().isEmpty()) {
            return "";
        }
        return "Service " + service.key() + ": "
                + (annotated ? "the annotation " + Resources.TRAFFIC_DISTRIBUTION : "spec.trafficDistribution")
                + " is not executed by this version of InMesh: calls go to the endpoints of all places alike";
    }

    /** What was told stays. Only who was told nothing yet is told what is at hand, once the wait is over. */
    private void unknown() {
        if (source == Source.LIVE || source == Source.ABSENT) {
            tellLatest();
        } else if (forServer.over() && saved.ready()) {
            ServiceEndpoints earlier = saved.get(name);
            source = earlier == null ? Source.BY_NAME : Source.SNAPSHOT;
            tell(earlier == null ? byName() : earlier);
        }
    }

    /** One that is deleted and made anew is not gone. */
    private void gone() {
        if (source != Source.LIVE || forReturn.over()) {
            forReturn.forget();
            source = Source.ABSENT;
            saved.gone(name);
            tell(ServiceEndpoints.absent(name));
        }
    }

    private void known(Scope scope, Service service) {
        forReturn.forget();
        ServiceEndpoints mapped = scope.map(service, labels.byPod(), places.byPod());
        if (mapped.state() == ServiceEndpoints.State.ABSENT) {
            source = Source.ABSENT;
            tell(mapped);
            return;
        }
        ServiceEndpoints settled = moving.settle(source == Source.LIVE ? latest : null, mapped);
        source = Source.LIVE;
        saved.put(name, settled);
        tell(settled);
    }

    private ServiceEndpoints byName() {
        return new ServiceEndpoints(
                name, key.namespace(), ServiceEndpoints.State.BY_NAME, List.of(), List.of(), Map.of(), List.of());
    }

    private void tell(ServiceEndpoints state) {
        latest = state;
        tellLatest();
    }

    private void tellLatest() {
        ServiceEndpoints state = latest;
        if (state == null) {
            return;
        }
        plain.forEach(subscriber -> subscriber.tell(state));
        if (!labelled.isEmpty() && (source != Source.LIVE || labels.settled())) {
            labelled.forEach(subscriber -> subscriber.tell(state));
        }
    }
}
