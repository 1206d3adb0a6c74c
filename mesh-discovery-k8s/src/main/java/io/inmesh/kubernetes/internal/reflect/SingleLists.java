package io.inmesh.kubernetes.internal.reflect;

import io.inmesh.kubernetes.internal.api.ApiServer;
import io.inmesh.kubernetes.internal.reflect.Requests.Freshness;
import io.inmesh.kubernetes.internal.resource.KubernetesObject;
import io.inmesh.kubernetes.internal.resource.UnreadableObjectException;
import io.inmesh.kubernetes.internal.time.Timing;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/** Reads whole states for those who do not watch. Thread-safe. */
public final class SingleLists {
    private final ApiServer server;
    private final ReflectorSettings settings;

    public SingleLists(ApiServer server, ReflectorSettings settings) {
        this.server = server;
        this.settings = settings;
    }

    /**
     * The objects of a selection as they are now, by namespace and name.
     *
     * @param onUnreadable hears of each that makes no sense
     */
    public <T extends KubernetesObject> List<T> list(
            Selection<T> selection, Consumer<UnreadableObjectException> onUnreadable) throws IOException {
        Lister<T> lister = new Lister<>(
                new Lifecycle(server, Timing.system()),
                new Requests<>(selection, settings),
                selection.type().reader(),
                settings.pageSize(),
                onUnreadable);
        return lister.list(new Freshness.Newest()).objects().values().stream()
                .sorted(Comparator.comparing((T object) -> object.key().namespace())
                        .thenComparing(object -> object.key().name()))
                .toList();
    }
}
