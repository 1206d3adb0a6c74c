package io.inmesh.kubernetes.internal.resource;

import org.jspecify.annotations.Nullable;

/**
 * A custom resource with its whole content.
 *
 * @param metadata with all labels, and all annotations but kubectl's copy of the object
 * @param tree the object with apiVersion, kind, metadata (as far as it is kept) and all other fields but the status, as
 *     maps with string keys, lists, strings, numbers, booleans and null
 */
public record CustomResource(Metadata metadata, @Nullable Object tree) implements KubernetesObject {}
