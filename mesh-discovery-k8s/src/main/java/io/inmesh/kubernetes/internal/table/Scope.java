package io.inmesh.kubernetes.internal.table;

import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.kubernetes.internal.map.EndpointContext;
import io.inmesh.kubernetes.internal.map.ServiceMapper;
import io.inmesh.kubernetes.internal.resource.EndpointSlice;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import io.inmesh.kubernetes.internal.resource.Pod;
import io.inmesh.kubernetes.internal.resource.PodMetadata;
import io.inmesh.kubernetes.internal.resource.Resources;
import io.inmesh.kubernetes.internal.resource.Service;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Services of one namespace, or of all, with what has to be known to map them: their endpoints and the namespace's
 * WorkloadEntries. Table thread only.
 */
final class Scope implements AutoCloseable {
    private final Watches watches;
    private final String namespace;
    private final WorkloadIdentity self;
    private final SelectedObjects<Service> services;
    private final EndpointFeed endpoints;
    private final WorkloadEntries workloadEntries;
    private final NodeLocalities nodes;

    /**
     * Starts to watch services and WorkloadEntries, and no endpoints yet.
     *
     * @param namespace empty for all
     * @param onService hears of each service that has changed, or whose endpoints have
     * @param onState hears when more or other services can be told about
     */
    Scope(
            Watches watches,
            String namespace,
            TableSettings settings,
            WorkloadEntries workloadEntries,
            NodeLocalities nodes,
            Consumer<ObjectKey> onService,
            Consumer<Scope> onState) {
        this.watches = watches;
        this.namespace = namespace;
        this.self = settings.self();
        this.workloadEntries = workloadEntries;
        this.nodes = nodes;
        Runnable stateChanged = () -> onState.accept(this);
        this.endpoints = new EndpointFeed(watches, namespace, settings.endpoints(), onService, stateChanged);
        this.services = watches.open(SelectedObjects.Change.ofKey(onService), stateChanged);
        needed();
        services.select(Selections.all(Resources.SERVICES, namespace));
        workloadEntries.use(namespace);
    }

    String namespace() {
        return namespace;
    }

    /**
     * Watches the endpoints of these services.
     *
     * @param names null means of all services
     */
    void follow(@Nullable Set<String> names) {
        endpoints.follow(names);
    }

    /** Whether it is known which services there are. */
    boolean synced() {
        return services.synced();
    }

    /** Whether services and endpoints are known, all of them. */
    boolean complete() {
        return services.synced() && endpoints.complete();
    }

    /** Whether the server does not tell which services there are, now or any more. */
    boolean servicesRefused() {
        return services.refusal() != null;
    }

    /** Whether the server does not let us read services or endpoints, now or any more. */
    boolean refused() {
        return servicesRefused() || endpoints.forbidden();
    }

    /** Says that the services have to be known. */
    void needed() {
        needed("the services of " + Selections.named(namespace) + " cannot be read");
    }

    /**
     * The same.
     *
     * @param consequence of a refusal, in words
     */
    void needed(String consequence) {
        services.needed(consequence);
    }

    /** Says that nobody misses the services while another scope takes the place of this one. */
    void spare(String consequence) {
        services.spare(consequence);
    }

    @Nullable
    Service service(ObjectKey key) {
        return services.get(key);
    }

    Collection<Service> services() {
        return services.objects();
    }

    /** Whether anything can be said about the endpoints of a service. */
    boolean knowsEndpoints(ObjectKey service) {
        return endpoints.knows(service);
    }

    /** Slices of a service; null when v1 Endpoints are used instead. */
    @Nullable
    Collection<EndpointSlice> slices(ObjectKey service) {
        return endpoints.slices(service);
    }

    /** Whether what else a mapping needs is known, or will not be known soon. */
    boolean settled() {
        return workloadEntries.settled(namespace) && nodes.settled();
    }

    /**
     * A service of this scope with its endpoints as they are now.
     *
     * @param labels pods whose labels are wanted, null for none
     * @param places pods that tell where endpoints are whose slices do not, null for none
     */
    ServiceEndpoints map(
            Service service, @Nullable Map<ObjectKey, PodMetadata> labels, @Nullable Map<ObjectKey, Pod> places) {
        EndpointContext around =
                new EndpointContext(self, labels, places, nodes.byName(), workloadEntries.in(namespace));
        Collection<EndpointSlice> slices = endpoints.slices(service.key());
        return slices == null
                ? ServiceMapper.map(service, endpoints.endpoints(service.key()), around)
                : ServiceMapper.map(service, slices, around);
    }

    @Override
    public void close() {
        watches.close(services);
        endpoints.close();
        workloadEntries.release(namespace);
    }
}
