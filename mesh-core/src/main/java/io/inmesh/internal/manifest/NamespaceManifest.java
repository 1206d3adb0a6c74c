package io.inmesh.internal.manifest;

import io.inmesh.model.ObjectMeta;

/** A Kubernetes Namespace as a file has it: its name and, in the meta, its labels. */
public record NamespaceManifest(ObjectMeta meta) {
    /** Its name. */
    public String name() {
        return meta.name();
    }
}
