package io.inmesh.kubernetes.internal.resource;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of an object's metadata.
 *
 * @param uid empty when the server sent none
 * @param resourceVersion opaque: compared for equality only
 * @param labels those that the reader of the resource keeps
 * @param annotations those that the reader of the resource keeps
 * @param creationTimestamp null when absent or unreadable
 * @param deletionTimestamp null unless the object is being deleted
 */
public record Metadata(
        ObjectKey key,
        String uid,
        String resourceVersion,
        Map<String, String> labels,
        Map<String, String> annotations,
        @Nullable Instant creationTimestamp,
        @Nullable Instant deletionTimestamp) {
    /** Copies the maps. */
    public Metadata {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }
}
