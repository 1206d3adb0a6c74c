package io.inmesh.kubernetes.internal.table;

import io.inmesh.kubernetes.internal.resource.ObjectKey;
import io.inmesh.kubernetes.internal.resource.Resources;
import io.inmesh.kubernetes.internal.resource.Service;
import io.inmesh.kubernetes.internal.table.TableSettings.EndpointMode;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Services of one namespace, or of all, and their endpoints. Table thread only. */
final class Scope implements AutoCloseable {
    private final Watches watches;
    private final String namespace;
    private final SelectedObjects<Service> services;
    private final EndpointFeed endpoints;

    /** Whoever uses the services. */
    interface Listener {
        /** A service or its endpoints have changed. */
        void changed(ObjectKey service);

        /** More or other services can be told about now. */
        void stateChanged(Scope scope);
    }

    /**
     * Starts to watch services, and no endpoints yet.
     *
     * @param namespace empty for all
     */
    Scope(Watches watches, String namespace, EndpointMode mode, Listener listener) {
        this.watches = watches;
        this.namespace = namespace;
        this.endpoints = new EndpointFeed(watches, namespace, mode, new EndpointFeed.Listener() {
            @Override
            public void changed(ObjectKey service) {
                listener.changed(service);
            }

            @Override
            public void stateChanged() {
                listener.stateChanged(Scope.this);
            }
        });
        this.services = watches.open(new SelectedObjects.Owner<>() {
            @Override
            public void changed(@Nullable Service before, @Nullable Service after) {
                Service either = after == null ? before : after;
                if (either != null) {
                    listener.changed(either.key());
                }
            }

            @Override
            public void stateChanged() {
                listener.stateChanged(Scope.this);
            }
        });
        needed();
        services.select(Selections.all(Resources.SERVICES, namespace));
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

    EndpointFeed endpoints() {
        return endpoints;
    }

    @Override
    public void close() {
        watches.close(services);
        endpoints.close();
    }
}
