package io.inmesh.kubernetes.internal.rules;

import io.inmesh.kubernetes.internal.reflect.ReflectorListener;
import io.inmesh.kubernetes.internal.resource.CustomResource;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import java.util.Collection;
import java.util.function.Consumer;

/**
 * Passes everything on inside of a guard.
 *
 * @param guard runs what it is given, or drops it
 */
record GuardedListener(ReflectorListener<CustomResource> listener, Consumer<Runnable> guard)
        implements ReflectorListener<CustomResource> {
    @Override
    public void replaced(Collection<CustomResource> objects) {
        guard.accept(() -> listener.replaced(objects));
    }

    @Override
    public void applied(CustomResource object) {
        guard.accept(() -> listener.applied(object));
    }

    @Override
    public void deleted(ObjectKey key) {
        guard.accept(() -> listener.deleted(key));
    }

    @Override
    public void refused(Refusal refusal) {
        guard.accept(() -> listener.refused(refusal));
    }

    @Override
    public void allowed() {
        guard.accept(listener::allowed);
    }
}
