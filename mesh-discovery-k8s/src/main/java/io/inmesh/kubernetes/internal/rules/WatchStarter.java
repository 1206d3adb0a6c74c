package io.inmesh.kubernetes.internal.rules;

import io.inmesh.kubernetes.internal.reflect.ReflectorListener;
import io.inmesh.kubernetes.internal.reflect.ReflectorStatus;
import io.inmesh.kubernetes.internal.reflect.Selection;
import io.inmesh.kubernetes.internal.resource.CustomResource;

/** Begins to watch objects; in production each is a reflector. Thread-safe. */
@FunctionalInterface
public interface WatchStarter {
    /** Begins. The listener is called on another thread, perhaps before this returns. */
    Running start(Selection<CustomResource> selection, ReflectorListener<CustomResource> listener);

    /** A watch that has begun. Thread-safe. */
    interface Running extends AutoCloseable {
        /** How it is doing. */
        ReflectorStatus status();

        /** Ends it; its listener, which must not call this, hears nothing more once it returns. */
        @Override
        void close();
    }
}
