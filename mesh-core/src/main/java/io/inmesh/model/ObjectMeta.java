package io.inmesh.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Kubernetes' {@code metadata}, as far as rules depend on it.
 *
 * @param namespace never empty; {@code default} where the document has none
 * @param name object name; may be empty in files, never in Kubernetes
 * @param creationTimestamp null where the source does not know it: older than every time
 * @param labels never null
 * @param annotations never null
 * @param origin where the object was written
 * @param skipped fields that the object is in force without, in order of writing
 */
public record ObjectMeta(
        String namespace,
        String name,
        @Nullable Instant creationTimestamp,
        Map<String, String> labels,
        Map<String, String> annotations,
        Origin origin,
        List<SkippedField> skipped) {
    /** Copies the maps and the list. */
    public ObjectMeta {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        skipped = List.copyOf(skipped);
    }

    /** Meta of an object of which nothing is skipped. */
    public ObjectMeta(
            String namespace,
            String name,
            @Nullable Instant creationTimestamp,
            Map<String, String> labels,
            Map<String, String> annotations,
            Origin origin) {
        this(namespace, name, creationTimestamp, labels, annotations, origin, List.of());
    }

    /** Meta of an object that was made in code. */
    public static ObjectMeta of(String namespace, String name) {
        return new ObjectMeta(namespace, name, null, Map.of(), Map.of(), Origin.NONE);
    }

    /** The same meta of an object that is in force without some fields. */
    public ObjectMeta withSkipped(List<SkippedField> fields) {
        return new ObjectMeta(namespace, name, creationTimestamp, labels, annotations, origin, fields);
    }

    /** Whether some calls fail because it would not be safe to send them without what is skipped. */
    public boolean refusesCalls() {
        return skipped.stream().anyMatch(SkippedField::refusesCalls);
    }

    /** {@code namespace/name}, the form in which InMesh names a rule everywhere. */
    public String qualifiedName() {
        return namespace + "/" + name;
    }
}
