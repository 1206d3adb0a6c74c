package io.inmesh.kubernetes.internal.reflect;

import io.inmesh.kubernetes.internal.api.ApiServer;
import io.inmesh.kubernetes.internal.resource.KubernetesObject;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import io.inmesh.kubernetes.internal.resource.ResourceType;
import io.inmesh.kubernetes.internal.time.Timing;
import java.util.Set;
import java.util.function.Function;

/** Starts reflectors. Thread-safe. */
@FunctionalInterface
public interface Reflectors {
    /** Starts one; the listener is called on another thread, perhaps before this returns. */
    <T extends KubernetesObject> Running start(Selection<T> selection, ReflectorListener<T> listener);

    /**
     * The same, where another reflector has told of some of the objects already: a first list that lacks too many of them
     * is believed only when a second, consistent one agrees, and it is of the newest state.
     *
     * @param expected keys of objects of the selection
     */
    default <T extends KubernetesObject> Running start(
            Selection<T> selection, Set<ObjectKey> expected, ReflectorListener<T> listener) {
        return start(selection, listener);
    }

    /** A reflector at work. Thread-safe. */
    interface Running extends AutoCloseable {
        /** How it is doing. */
        ReflectorStatus status();

        /** Ends it; its listener, which must not call this, hears nothing more once it returns. Idempotent. */
        @Override
        void close();
    }

    /**
     * Reflectors at a real API server.
     *
     * @param pace for each resource
     */
    static Reflectors at(ApiServer server, Function<ResourceType<?>, ReflectorSettings> pace, Timing timing) {
        return new Reflectors() {
            @Override
            public <T extends KubernetesObject> Running start(Selection<T> selection, ReflectorListener<T> listener) {
                return start(selection, Set.of(), listener);
            }

            @Override
            public <T extends KubernetesObject> Running start(
                    Selection<T> selection, Set<ObjectKey> expected, ReflectorListener<T> listener) {
                return Reflector.start(server, selection, expected, pace.apply(selection.type()), timing, listener);
            }
        };
    }
}
