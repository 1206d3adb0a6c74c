package io.inmesh.kubernetes.internal.resource;

import java.util.List;
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
 * @param forZones zones that are to use it, empty for no hint
 * @param forNodes nodes that are to use it, empty for no hint
 */
public record SliceEndpoint(
        String address,
        @Nullable Boolean ready,
        @Nullable Boolean serving,
        @Nullable Boolean terminating,
        String hostname,
        String nodeName,
        String zone,
        String uid,
        @Nullable ObjectKey pod,
        List<String> forZones,
        List<String> forNodes) {
    /** Copies the lists. */
    public SliceEndpoint {
        forZones = List.copyOf(forZones);
        forNodes = List.copyOf(forNodes);
    }
}
