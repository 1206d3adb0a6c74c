package io.inmesh.kubernetes.internal.resource;

/** An object as it was read. Immutable. */
public interface KubernetesObject {
    /** What every object has. */
    Metadata metadata();

    /** Namespace and name. */
    default ObjectKey key() {
        return metadata().key();
    }
}
