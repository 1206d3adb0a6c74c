package io.inmesh.kubernetes.internal.reflect;

import io.inmesh.kubernetes.internal.resource.KubernetesObject;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import java.util.Collection;

/**
 * Passes everything on.
 *
 * @param onAnswer called before a whole state or a refusal is passed on
 */
record AnsweredListener<T extends KubernetesObject>(ReflectorListener<T> listener, Runnable onAnswer)
        implements ReflectorListener<T> {
    @Override
    public void replaced(Collection<T> objects) {
        onAnswer.run();
        listener.replaced(objects);
    }

    @Override
    public void applied(T object) {
        listener.applied(object);
    }

    @Override
    public void deleted(ObjectKey key) {
        listener.deleted(key);
    }

    @Override
    public void refused(Refusal refusal) {
        onAnswer.run();
        listener.refused(refusal);
    }

    @Override
    public void allowed() {
        listener.allowed();
    }
}
