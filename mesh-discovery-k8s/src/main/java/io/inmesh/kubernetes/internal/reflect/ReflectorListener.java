package io.inmesh.kubernetes.internal.reflect;

import io.inmesh.kubernetes.internal.resource.KubernetesObject;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import java.util.Collection;

/**
 * Hears of objects. Called on the reflector's thread, one call at a time, and never after its {@code close} has
 * returned; should not block. What it throws is logged and counted and does not disturb the reflector.
 */
public interface ReflectorListener<T extends KubernetesObject> {
    /** The whole state, after the first list and after each list that differed from what was known. */
    void replaced(Collection<T> objects);

    /** An object is new or has changed. */
    void applied(T object);

    /** An object is gone. */
    void deleted(ObjectKey key);

    /**
     * The server will not tell: told once when it begins and when the reason changes, before or after a first state. The
     * reflector logs nothing of it, goes on trying at a slow pace, and what was known stays known.
     */
    default void refused(Refusal refusal) {}

    /**
     * The server tells again after it has refused, whether or not anything has changed meanwhile: told after the state that
     * was read anew, or after the first thing that a watch which goes on where it was has told.
     */
    default void allowed() {}

    /** Why the server will not tell. */
    record Refusal(Reason reason, String message) {
        /** Kind of refusal. */
        public enum Reason {
            /** 403: the message names the verb, the resource and the namespace. */
            FORBIDDEN,
            /** 404: the server does not have the resource. */
            NOT_SERVED
        }
    }
}
