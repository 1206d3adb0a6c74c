package io.inmesh.kubernetes.internal.table;

import io.inmesh.kubernetes.internal.api.ApiServer;
import io.inmesh.kubernetes.internal.reflect.Reflector;
import io.inmesh.kubernetes.internal.reflect.ReflectorListener;
import io.inmesh.kubernetes.internal.reflect.ReflectorSettings;
import io.inmesh.kubernetes.internal.reflect.ReflectorStatus;
import io.inmesh.kubernetes.internal.reflect.Selection;
import io.inmesh.kubernetes.internal.resource.KubernetesObject;
import io.inmesh.kubernetes.internal.time.Timing;

/** Starts reflectors. */
@FunctionalInterface
public interface Reflectors {
    /** Starts one; the listener is called from another thread, and not after the reflector was closed. */
    <T extends KubernetesObject> Running start(Selection<T> selection, ReflectorListener<T> listener);

    /** A reflector at work. Thread-safe. */
    interface Running extends AutoCloseable {
        /** How it is doing. */
        ReflectorStatus status();

        @Override
        void close();
    }

    /**
     * Reflectors at a real API server.
     *
     * @param customPace of custom resources, which many clusters do not have
     */
    static Reflectors at(ApiServer server, ReflectorSettings pace, ReflectorSettings customPace, Timing timing) {
        return new Reflectors() {
            @Override
            public <T extends KubernetesObject> Running start(Selection<T> selection, ReflectorListener<T> listener) {
                boolean custom = selection.type().group().endsWith("istio.io");
                Reflector<T> reflector =
                        Reflector.start(server, selection, custom ? customPace : pace, timing, listener);
                return new Running() {
                    @Override
                    public ReflectorStatus status() {
                        return reflector.status();
                    }

                    @Override
                    public void close() {
                        reflector.close();
                    }
                };
            }
        };
    }
}
