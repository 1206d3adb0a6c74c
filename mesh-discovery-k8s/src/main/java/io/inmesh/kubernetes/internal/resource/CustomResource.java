package io.inmesh.kubernetes.internal.resource;

import org.jspecify.annotations.Nullable;

/**
 * A custom resource with its whole content.
 *
 * @param tree the object with apiVersion, kind, metadata and spec as maps with string keys, lists, strings, numbers,
 *     booleans and null
 */
public record CustomResource(Metadata metadata, @Nullable Object tree) implements KubernetesObject {}
