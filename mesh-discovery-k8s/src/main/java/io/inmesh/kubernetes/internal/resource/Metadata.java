package io.inmesh.kubernetes.internal.resource;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of an object's metadata.
 *
 * @param uid empty when the server sent none
 * @param resourceVersion opaque: compared for equality only
 * @param labels those that the reader of the resource keeps
 * @param annotations those that the reader of the resource keeps
 * @param creationTimestamp as the server wrote it, null when it is no text
 * @param deletionTimestamp the same, null unless the object is being deleted
 */
public record Metadata(
        ObjectKey key,
        String uid,
        String resourceVersion,
        Map<String, String> labels,
        Map<String, String> annotations,
        @Nullable String creationTimestamp,
        @Nullable String deletionTimestamp) {
    public Metadata {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }
}
