package io.inmesh.kubernetes.internal.resource;

/**
 * What a metadata-only request tells of a Pod.
 *
 * @param metadata with all labels
 */
public record PodMetadata(Metadata metadata) implements KubernetesObject {}
