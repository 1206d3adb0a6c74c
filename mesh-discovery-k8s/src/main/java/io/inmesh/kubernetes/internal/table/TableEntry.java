package io.inmesh.kubernetes.internal.table;

import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.kubernetes.internal.map.EndpointContext;
import io.inmesh.kubernetes.internal.map.ServiceMapper;
import io.inmesh.kubernetes.internal.resource.EndpointSlice;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import io.inmesh.kubernetes.internal.resource.Resources;
import io.inmesh.kubernetes.internal.resource.Service;
import io.inmesh.kubernetes.internal.table.TableStatus.Source;
import java.util.ArrayList;
import java.util.Collection;
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
    private final TableContext context;
    private final PodLabels labels;
    private final PodPlaces places;
    private final BoundedWait forServer;
    private final BoundedWait forRest;
    private final BoundedWait forReturn;
    private final Runnable again;
    private final List<Subscriber<ServiceEndpoints>> plain = new ArrayList<>();
    private final List<Subscriber<ServiceEndpoints>> labelled = new ArrayList<>();
    private MovingEndpoints moving = new MovingEndpoints();
    private volatile Source source = Source.WAITING;
    private volatile String problem = "";
    private @Nullable ServiceEndpoints latest;
    private boolean lookingAgain;

    /**
     * Makes an entry that nobody listens to yet.
     *
     * @param again asks for {@link #refresh}
     */
    TableEntry(ServiceName name, ObjectKey key, TableContext context, Runnable again) {
        this.name = name;
        this.key = key;
        this.context = context;
        this.labels = new PodLabels(name, context, again);
        this.places = new PodPlaces(name, context, again);
        this.forServer = BoundedWait.atStart(context, again);
        this.forRest = new BoundedWait(context, context.settings().startWait(), again);
        this.forReturn = new BoundedWait(context, MovingEndpoints.HOLD, again);
        this.again = again;
    }

    ServiceName name() {
        return name;
    }

    ObjectKey key() {
        return key;
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
        Scope scope = context.scopes().of(key.namespace());
        if (scope == null && context.scopes().mayHold(key.namespace())) {
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
            places.follow(service, scope.endpoints().slices(key));
        }
        boolean unheard = service == null && source != Source.LIVE && scope.servicesRefused();
        if (!scope.synced() || unheard) {
            unknown();
        } else if (service == null) {
            gone();
        } else if (!scope.endpoints().knows(key)) {
            unknown();
        } else if (source == Source.LIVE || context.settled(scope.namespace()) || forRest.over()) {
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
        } else if (forServer.over() && context.saved().services().ready()) {
            ServiceEndpoints saved = context.saved().services().get(name);
            source = saved == null ? Source.BY_NAME : Source.SNAPSHOT;
            tell(saved == null ? byName() : saved);
        }
    }

    /** One that is deleted and made anew is not gone. */
    private void gone() {
        if (source != Source.LIVE || forReturn.over()) {
            forReturn.forget();
            moving = new MovingEndpoints();
            source = Source.ABSENT;
            context.saved().services().gone(name);
            tell(ServiceEndpoints.absent(name));
        }
    }

    private void known(Scope scope, Service service) {
        forReturn.forget();
        ServiceEndpoints mapped = map(scope, service);
        if (mapped.state() == ServiceEndpoints.State.ABSENT) {
            source = Source.ABSENT;
            tell(mapped);
            return;
        }
        ServiceEndpoints settled = moving.settle(mapped, context.timing().nanoTime());
        if (moving.holds() && !lookingAgain) {
            lookingAgain = true;
            context.thread().after(MovingEndpoints.HOLD, () -> {
                lookingAgain = false;
                again.run();
            });
        }
        source = Source.LIVE;
        context.saved().services().put(name, settled);
        tell(settled);
    }

    private ServiceEndpoints map(Scope scope, Service service) {
        NodeLocalities nodes = context.nodes();
        EndpointContext around = new EndpointContext(
                context.settings().self(),
                labels.byPod(),
                places.byPod(),
                nodes == null ? null : nodes.byName(),
                context.workloadEntries().in(scope.namespace()));
        Collection<EndpointSlice> slices = scope.endpoints().slices(key);
        return slices == null
                ? ServiceMapper.map(service, scope.endpoints().endpoints(key), around)
                : ServiceMapper.map(service, slices, around);
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
