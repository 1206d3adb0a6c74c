package io.inmesh.kubernetes.internal.resource;

/**
 * Identity of an object among those of its resource.
 *
 * @param namespace empty for objects of the cluster, such as Nodes
 */
public record ObjectKey(String namespace, String name) {
    @Override
    public String toString() {
        return namespace.isEmpty() ? name : namespace + "/" + name;
    }
}
