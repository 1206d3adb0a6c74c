package io.inmesh.kubernetes.internal.resource;

/** The resources that InMesh reads. */
public final class Resources {
    private Resources() {}
}
