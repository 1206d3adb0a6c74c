package io.inmesh.kubernetes.internal.resource;

/**
 * A resource of the API server and how its objects are read.
 *
 * @param group empty for the core group
 * @param version such as {@code v1}
 * @param plural name in paths, such as {@code endpointslices}
 * @param kind such as {@code EndpointSlice}
 * @param accept content type asked for, {@code application/json} or the metadata-only form
 */
public record ResourceType<T extends KubernetesObject>(
        String group, String version, String plural, String kind, String accept, ResourceReader<T> reader) {
    /** Metadata only, for watches that need labels and nothing else. */
    public static final String METADATA_ONLY =
            "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=1,application/json";

    /** A resource read as plain JSON. */
    public static <T extends KubernetesObject> ResourceType<T> of(
            String group, String version, String plural, String kind, ResourceReader<T> reader) {
        return new ResourceType<>(group, version, plural, kind, "application/json", reader);
    }

    /**
     * Path of the collection.
     *
     * @param namespace empty for all namespaces and for resources of the cluster
     */
    public String path(String namespace) {
        String root = group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
        return root + (namespace.isEmpty() ? "" : "/namespaces/" + namespace) + "/" + plural;
    }

    /** {@code endpointslices.discovery.k8s.io}, as RBAC messages write it. */
    public String qualifiedName() {
        return group.isEmpty() ? plural : plural + "." + group;
    }
}
