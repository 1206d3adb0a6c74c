package io.inmesh.kubernetes.internal.reflect;

import io.inmesh.kubernetes.internal.api.ApiFailure;
import io.inmesh.kubernetes.internal.resource.KubernetesObject;
import io.inmesh.kubernetes.internal.resource.ObjectKey;

/** One line of a watch. */
sealed interface WatchEvent<T extends KubernetesObject> {

    /** {@code ADDED} or {@code MODIFIED}. */
    record Applied<T extends KubernetesObject>(T object) implements WatchEvent<T> {}

    /** {@code DELETED}. */
    record Deleted<T extends KubernetesObject>(ObjectKey key, String resourceVersion) implements WatchEvent<T> {}

    /**
     * {@code BOOKMARK}.
     *
     * @param initialEnd whether it ends the initial events of a WatchList
     */
    record Bookmark<T extends KubernetesObject>(String resourceVersion, boolean initialEnd) implements WatchEvent<T> {}

    /** {@code ERROR}; the server ends the watch after it. */
    record Failed<T extends KubernetesObject>(ApiFailure failure) implements WatchEvent<T> {}

    /**
     * Not to be understood.
     *
     * @param key as far as it could be read
     * @param broken whether the line itself is broken, so that another reading of the object may go well
     */
    record Unreadable<T extends KubernetesObject>(ObjectKey key, boolean broken, String reason)
            implements WatchEvent<T> {}
}
