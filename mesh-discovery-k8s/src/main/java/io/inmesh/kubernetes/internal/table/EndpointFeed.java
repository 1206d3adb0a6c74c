package io.inmesh.kubernetes.internal.table;

import io.inmesh.kubernetes.internal.reflect.ReflectorListener.Refusal;
import io.inmesh.kubernetes.internal.reflect.Selection;
import io.inmesh.kubernetes.internal.resource.EndpointSlice;
import io.inmesh.kubernetes.internal.resource.Endpoints;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import io.inmesh.kubernetes.internal.resource.Resources;
import io.inmesh.kubernetes.internal.table.TableSettings.EndpointMode;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Endpoints of the services of a namespace: from EndpointSlices, or from v1 Endpoints where slices are refused or not
 * wanted. While v1 Endpoints stand in, slices go on being asked for and are used again once they come. Table thread only.
 */
final class EndpointFeed implements AutoCloseable {
    private final Watches watches;
    private final String namespace;
    private final EndpointMode mode;
    private final Consumer<ObjectKey> onService;
    private final Runnable onState;
    private final Map<ObjectKey, Map<ObjectKey, EndpointSlice>> slicesByService = new HashMap<>();

    private @Nullable SelectedObjects<EndpointSlice> slices;
    private @Nullable SelectedObjects<Endpoints> endpoints;
    private @Nullable Selection<EndpointSlice> asked;
    private @Nullable Set<String> askedNames;
    private @Nullable Set<String> coveredNames = Set.of();

    /**
     * Watches nothing yet.
     *
     * @param namespace empty for all
     * @param onService hears of each service whose endpoints have changed
     * @param onState called when more or other services can be told about
     */
    EndpointFeed(
            Watches watches, String namespace, EndpointMode mode, Consumer<ObjectKey> onService, Runnable onState) {
        this.watches = watches;
        this.namespace = namespace;
        this.mode = mode;
        this.onService = onService;
        this.onState = onState;
    }

    /**
     * Asks for the endpoints of these services.
     *
     * @param names null means of all services
     */
    void follow(@Nullable Set<String> names) {
        if (mode == EndpointMode.ENDPOINTS) {
            readEndpoints();
            return;
        }
        SelectedObjects<EndpointSlice> selected = slices;
        if (selected == null) {
            selected = watches.open(this::sliceChanged, this::stateChanged);
            selected.needed(unreadable());
            slices = selected;
        }
        Selection<EndpointSlice> selection = Selections.slices(namespace, names);
        if (selection.equals(asked)) {
            return;
        }
        asked = selection;
        askedNames = selection.labelSelector().isEmpty() || names == null ? null : Set.copyOf(names);
        @Nullable Set<String> wanted = askedNames;
        selected.select(selection, slice -> wanted == null || wanted.contains(slice.service()));
        stateChanged();
    }

    /** Whether anything can be said about a service. */
    boolean knows(ObjectKey service) {
        return slicesCover(service) || endpointsSynced();
    }

    /** Whether something can be said about every service. */
    boolean complete() {
        return (slices != null && slices.synced() && coveredNames == null) || endpointsSynced();
    }

    /** Whether nothing that is wanted may be read, now or any more. */
    boolean forbidden() {
        return switch (mode) {
            case SLICES -> forbidden(slices);
            case ENDPOINTS -> forbidden(endpoints);
            case SLICES_OR_ENDPOINTS -> slices != null && slices.refusal() != null && forbidden(endpoints);
        };
    }

    private static boolean forbidden(@Nullable SelectedObjects<?> selected) {
        Refusal refusal = selected == null ? null : selected.refusal();
        return refusal != null && refusal.reason() == Refusal.Reason.FORBIDDEN;
    }

    /** Slices of a service; null when v1 Endpoints are to be used instead. */
    @Nullable
    Collection<EndpointSlice> slices(ObjectKey service) {
        boolean usable = slicesCover(service) && (slicesInForce() || !endpointsSynced());
        return usable ? slicesByService.getOrDefault(service, Map.of()).values() : null;
    }

    /** v1 Endpoints of a service; null when it has none. */
    @Nullable
    Endpoints endpoints(ObjectKey service) {
        return endpoints == null ? null : endpoints.get(service);
    }

    private boolean slicesCover(ObjectKey service) {
        boolean synced = slices != null && slices.synced();
        Set<String> covered = coveredNames;
        return synced && (covered == null || covered.contains(service.name()));
    }

    /** Whether what is asked for now is told now: an older selection that still stands may be stale. */
    private boolean slicesInForce() {
        return slices != null && slices.refusal() == null && asked != null && asked.equals(slices.inForce());
    }

    private boolean endpointsSynced() {
        return endpoints != null && endpoints.synced();
    }

    private void sliceChanged(@Nullable EndpointSlice before, @Nullable EndpointSlice after) {
        if (before != null) {
            ObjectKey service = service(before);
            Map<ObjectKey, EndpointSlice> known = slicesByService.get(service);
            if (known != null && known.remove(before.key()) != null && known.isEmpty()) {
                slicesByService.remove(service);
            }
            onService.accept(service);
        }
        if (after != null) {
            ObjectKey service = service(after);
            slicesByService.computeIfAbsent(service, any -> new HashMap<>()).put(after.key(), after);
            onService.accept(service);
        }
    }

    private static ObjectKey service(EndpointSlice slice) {
        return new ObjectKey(slice.key().namespace(), slice.service());
    }

    private void stateChanged() {
        SelectedObjects<EndpointSlice> selected = slices;
        if (selected != null) {
            if (asked != null && asked.equals(selected.inForce())) {
                coveredNames = askedNames;
            }
            Refusal refusal = selected.refusal();
            if (mode == EndpointMode.SLICES_OR_ENDPOINTS && refusal != null) {
                selected.spare("v1 Endpoints of " + named() + " are read instead of EndpointSlices");
                readEndpoints();
            } else if (endpoints != null && slicesInForce()) {
                selected.needed(unreadable());
                watches.close(endpoints);
                endpoints = null;
            }
        }
        onState.run();
    }

    private void readEndpoints() {
        SelectedObjects<Endpoints> selected = endpoints;
        if (selected == null) {
            selected = watches.open(SelectedObjects.Change.ofKey(onService), this::stateChanged);
            selected.needed(unreadable());
            endpoints = selected;
            selected.select(Selections.all(Resources.ENDPOINTS, namespace));
        }
    }

    private String unreadable() {
        return "the endpoints of " + named() + " cannot be read";
    }

    private String named() {
        return Selections.named(namespace);
    }

    @Override
    public void close() {
        watches.close(slices);
        watches.close(endpoints);
    }
}
