package io.inmesh.kubernetes.internal.resource;

/**
 * A resource of the API server and how its objects are read.
 *
 * @param group empty for the core group
 * @param version such as {@code v1}
 * @param plural name in paths, such as {@code endpointslices}
 * @param kind such as {@code EndpointSlice}
 * @param metadataOnly whether nothing but the metadata of its objects is asked for
 */
public record ResourceType<T extends KubernetesObject>(
        String group, String version, String plural, String kind, boolean metadataOnly, ResourceReader<T> reader) {
    private static final String JSON = "application/json";

    /** A resource read as plain JSON. */
    public static <T extends KubernetesObject> ResourceType<T> of(
            String group, String version, String plural, String kind, ResourceReader<T> reader) {
        return new ResourceType<>(group, version, plural, kind, false, reader);
    }

    /** Content types wanted of a list, the best first. */
    public String listAccept() {
        return metadataOnly ? partial("PartialObjectMetadataList") : JSON;
    }

    /** Content types wanted of a watch: the form of one event, for servers answer a watch in a list's form with nothing. */
    public String watchAccept() {
        return metadataOnly ? partial("PartialObjectMetadata") : JSON;
    }

    private static String partial(String form) {
        return JSON + ";as=" + form + ";g=meta.k8s.io;v=v1," + JSON;
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
