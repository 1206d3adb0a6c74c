package io.inmesh.kubernetes.internal.resource;

import org.jspecify.annotations.Nullable;

/**
 * One endpoint of a slice, or one address of v1 Endpoints. Texts that the server did not send are empty. There are tens
 * of thousands of them, so that only what is used is kept.
 *
 * @param address the first address, the only one that has a meaning
 * @param ready null when not said, which means true
 * @param serving null when not said, which means true
 * @param terminating null when not said, which means false
 * @param uid of what stands behind the address, mostly a Pod
 * @param pod that stands behind the address, where no uid tells which; null when not said, or when the uid is known
 */
public record SliceEndpoint(
        String address,
        @Nullable Boolean ready,
        @Nullable Boolean serving,
        @Nullable Boolean terminating,
        String nodeName,
        String zone,
        String uid,
        @Nullable ObjectKey pod) {}
