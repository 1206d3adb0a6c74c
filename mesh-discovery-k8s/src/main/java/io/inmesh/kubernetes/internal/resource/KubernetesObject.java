package io.inmesh.kubernetes.internal.resource;

import java.util.List;

/** An object as it was read. Immutable. */
public interface KubernetesObject {
    /** What every object has. */
    Metadata metadata();

    /** Namespace and name. */
    default ObjectKey key() {
        return metadata().key();
    }

    /** Parts that made no sense and were left out while the rest is good, each with its path; mostly empty. */
    default List<String> problems() {
        return List.of();
    }
}
