package io.inmesh.kubernetes.internal.resource;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint of a slice, or one address of v1 Endpoints. Texts that the server did not send are empty.
 *
 * @param address the first address, the only one that has a meaning
 * @param ready null when not said, which means true
 * @param serving null when not said, which means true
 * @param terminating null when not said, which means false
 * @param target what stands behind the address, null when not said
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
        @Nullable TargetRef target,
        List<String> forZones,
        List<String> forNodes) {
    /** Copies the lists. */
    public SliceEndpoint {
        forZones = List.copyOf(forZones);
        forNodes = List.copyOf(forNodes);
    }

    /**
     * Reference to an object, mostly a Pod. Parts that the server did not send are empty.
     */
    public record TargetRef(String kind, String namespace, String name, String uid) {}
}
