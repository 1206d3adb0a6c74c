package io.inmesh.kubernetes.internal.reflect;

import io.inmesh.kubernetes.internal.api.ApiServer;
import io.inmesh.kubernetes.internal.reflect.ReflectorStatus.State;
import io.inmesh.kubernetes.internal.resource.KubernetesObject;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import io.inmesh.kubernetes.internal.time.Timing;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one selection of objects as the API server has them: reads the whole state once, then hears changes, and goes on
 * from the last good state whatever the server does. Thread-safe.
 */
public final class Reflector<T extends KubernetesObject> implements Reflectors.Running {
    private static final Logger LOG = LoggerFactory.getLogger(Reflector.class);

    private final Object telling = new Object();
    private final ReflectorListener<T> listener;
    private final Lifecycle lifecycle;
    private final Progress progress;
    private final String selection;
    private boolean mute;

    private Reflector(String selection, ReflectorListener<T> listener, Lifecycle lifecycle, Progress progress) {
        this.selection = selection;
        this.listener = listener;
        this.lifecycle = lifecycle;
        this.progress = progress;
    }

    /** Starts one that expects nothing. */
    public static <T extends KubernetesObject> Reflector<T> start(
            ApiServer server,
            Selection<T> selection,
            ReflectorSettings settings,
            Timing timing,
            ReflectorListener<T> listener) {
        return start(server, selection, Set.of(), settings, timing, listener);
    }

    /**
     * Starts a reflector on a daemon thread of its own, {@code inmesh-watch-} and the name of the resource.
     *
     * @param expected what the first list should have
     */
    public static <T extends KubernetesObject> Reflector<T> start(
            ApiServer server,
            Selection<T> selection,
            Set<ObjectKey> expected,
            ReflectorSettings settings,
            Timing timing,
            ReflectorListener<T> listener) {
        Lifecycle lifecycle = new Lifecycle(server, timing);
        Progress progress = new Progress(selection.toString(), timing);
        Reflector<T> reflector = new Reflector<>(selection.toString(), listener, lifecycle, progress);
        KnownState<T> knownState = new KnownState<>(
                reflector.selection, Set.copyOf(expected), settings.shrinkGuard(), progress, reflector::tell);
        Recovery recovery = new Recovery(
                reflector.selection,
                settings,
                timing,
                lifecycle,
                progress,
                knownState,
                refusal -> reflector.tell(told -> told.refused(refusal)),
                () -> reflector.tell(ReflectorListener::allowed));
        WatchLoop<T> loop = new WatchLoop<>(selection, settings, timing, lifecycle, progress, knownState, recovery);
        Thread thread = new Thread(loop::run, "inmesh-watch-" + selection.type().plural());
        thread.setDaemon(true);
        thread.start();
        return reflector;
    }

    @Override
    public ReflectorStatus status() {
        return progress.status();
    }

    private void tell(Consumer<ReflectorListener<T>> news) {
        synchronized (telling) {
            if (mute) {
                return;
            }
            try {
                news.accept(listener);
            } catch (RuntimeException broken) {
                progress.count(Progress.Count.LISTENER_FAILURES);
                LOG.error("What listens to {} failed", selection, broken);
            }
        }
    }

    /**
     * Ends it; its listener hears nothing more once this returns. Waits for what the listener is being told right now, so
     * the caller must not hold a lock that the listener needs. Idempotent.
     */
    @Override
    public void close() {
        lifecycle.close();
        progress.is(State.CLOSED);
        synchronized (telling) {
            mute = true;
        }
    }
}
