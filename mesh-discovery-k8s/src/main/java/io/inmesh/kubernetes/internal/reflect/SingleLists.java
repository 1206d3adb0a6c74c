package io.inmesh.kubernetes.internal.reflect;

import io.inmesh.kubernetes.internal.api.ApiFailure;
import io.inmesh.kubernetes.internal.api.ApiServer;
import io.inmesh.kubernetes.internal.reflect.Requests.Freshness;
import io.inmesh.kubernetes.internal.resource.KubernetesObject;
import io.inmesh.kubernetes.internal.resource.UnreadableObjectException;
import io.inmesh.kubernetes.internal.time.Timing;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads whole states for those who do not watch. A server that is busy (429, 503) is asked again a few times. Thread-safe.
 */
public final class SingleLists {
    private static final int MOST_TRIES = 4;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final ApiServer server;
    private final ReflectorSettings settings;
    private final Timing timing;

    /**
     * Makes a reader.
     *
     * @param timing waits before a busy server is asked again
     */
    public SingleLists(ApiServer server, ReflectorSettings settings, Timing timing) {
        this.server = server;
        this.settings = settings;
        this.timing = timing;
    }

    /**
     * The objects of a selection as they are now, by namespace and name.
     *
     * @param onUnreadable hears of each that makes no sense
     */
    public <T extends KubernetesObject> List<T> list(
            Selection<T> selection, Consumer<UnreadableObjectException> onUnreadable) throws IOException {
        for (int tried = 1; ; tried++) {
            try {
                return listOnce(selection, onUnreadable);
            } catch (ApiFailure failure) {
                if (!failure.busy() || tried == MOST_TRIES) {
                    throw failure;
                }
                pause(failure.retryAfter(), tried);
            }
        }
    }

    private void pause(@Nullable Duration asked, int tried) throws IOException {
        Duration pause = asked == null ? FIRST_PAUSE.multipliedBy(1L << (tried - 1)) : asked;
        try {
            timing.sleep(pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while " + server + " was busy");
        }
    }

    private <T extends KubernetesObject> List<T> listOnce(
            Selection<T> selection, Consumer<UnreadableObjectException> onUnreadable) throws IOException {
        // Told once the list is whole: a page may be read again.
        List<UnreadableObjectException> unreadable = new ArrayList<>();
        Lister<T> lister = new Lister<>(
                new Lifecycle(server, timing),
                new Requests<>(selection, settings),
                selection.type().reader(),
                settings.pageSize(),
                unreadable::add);
        var objects = lister.list(new Freshness.Newest()).objects().values();
        unreadable.forEach(onUnreadable);
        return objects.stream()
                .sorted(Comparator.comparing((T object) -> object.key().namespace())
                        .thenComparing(object -> object.key().name()))
                .toList();
    }
}
