package io.inmesh.model;

/** One rule object. Closed set: what InMesh reads is what it executes. */
public sealed interface ConfigObject permits VirtualService, DestinationRule, ServiceEntry {
    /** Name, namespace and place of the object. */
    ObjectMeta meta();

    /** The Kubernetes kind, for messages: {@code VirtualService}. */
    default String kind() {
        return getClass().getSimpleName();
    }
}
