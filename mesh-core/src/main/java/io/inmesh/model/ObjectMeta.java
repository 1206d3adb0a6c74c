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
 * @param fields places of fields that refer to other objects, by path such as {@code spec.http[0].delegate}; empty where
 *     the source has no lines
 */
public record ObjectMeta(
        String namespace,
        String name,
        @Nullable Instant creationTimestamp,
        Map<String, String> labels,
        Map<String, String> annotations,
        Origin origin,
        List<SkippedField> skipped,
        Map<String, Origin> fields) {
    /** The namespace whose policies and DestinationRules are for the workloads of all (Istio's root namespace). */
    public static final String ROOT_NAMESPACE = "istio-system";

    public ObjectMeta {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        skipped = List.copyOf(skipped);
        fields = Map.copyOf(fields);
    }

    /** Meta of an object of which nothing is skipped and no field's place is known. */
    public ObjectMeta(
            String namespace,
            String name,
            @Nullable Instant creationTimestamp,
            Map<String, String> labels,
            Map<String, String> annotations,
            Origin origin) {
        this(namespace, name, creationTimestamp, labels, annotations, origin, List.of(), Map.of());
    }

    /** Meta of an object that was made in code. */
    public static ObjectMeta of(String namespace, String name) {
        return new ObjectMeta(namespace, name, null, Map.of(), Map.of(), Origin.NONE);
    }

    /** The same meta of an object that is in force without some fields. */
    public ObjectMeta withSkipped(List<SkippedField> skipped) {
        return toBuilder().skipped(skipped).build();
    }

    /** The same meta in another namespace. */
    public ObjectMeta inNamespace(String other) {
        return new ObjectMeta(other, name, creationTimestamp, labels, annotations, origin, skipped, fields);
    }

    /** The same meta with the places of some fields. */
    public ObjectMeta withFields(Map<String, Origin> places) {
        return toBuilder().fields(places).build();
    }

    /**
     * Place of a field, or of the nearest known one above it.
     *
     * @param path such as {@code spec.http[0].route[1].destination.subset}
     * @param otherwise the answer where none is known
     */
    public Origin originOf(String path, Origin otherwise) {
        for (int end = path.length();
                end > 0;
                end = Math.max(path.lastIndexOf('.', end - 1), path.lastIndexOf('[', end - 1))) {
            Origin found = fields.get(path.substring(0, end));
            if (found != null) {
                return found;
            }
        }
        return otherwise;
    }

    /** Whether some calls fail because it would not be safe to send them without what is skipped. */
    public boolean refusesCalls() {
        return skipped.stream().anyMatch(SkippedField::refusesCalls);
    }

    /** {@code namespace/name}, the form in which InMesh names a rule everywhere. */
    public String qualifiedName() {
        return namespace + "/" + name;
    }

    /** Starts the meta of an object that was made in code. */
    public static Builder builder(String namespace, String name) {
        return new Builder(namespace, name);
    }

    /** Starts a copy. */
    public Builder toBuilder() {
        return new Builder(namespace, name)
                .creationTimestamp(creationTimestamp)
                .labels(labels)
                .annotations(annotations)
                .origin(origin)
                .skipped(skipped)
                .fields(fields);
    }

    /** Collects the parts of a meta; not thread-safe. */
    public static final class Builder {
        private final String namespace;
        private final String name;
        private @Nullable Instant creationTimestamp;
        private Map<String, String> labels = Map.of();
        private Map<String, String> annotations = Map.of();
        private Origin origin = Origin.NONE;
        private List<SkippedField> skipped = List.of();
        private Map<String, Origin> fields = Map.of();

        private Builder(String namespace, String name) {
            this.namespace = namespace;
            this.name = name;
        }

        /** Null where the source does not know it: older than every time. */
        public Builder creationTimestamp(@Nullable Instant newCreationTimestamp) {
            creationTimestamp = newCreationTimestamp;
            return this;
        }

        /** Never null. */
        public Builder labels(Map<String, String> newLabels) {
            labels = newLabels;
            return this;
        }

        /** Never null. */
        public Builder annotations(Map<String, String> newAnnotations) {
            annotations = newAnnotations;
            return this;
        }

        /** Where the object was written. */
        public Builder origin(Origin newOrigin) {
            origin = newOrigin;
            return this;
        }

        /** Fields that the object is in force without, in order of writing. */
        public Builder skipped(List<SkippedField> newSkipped) {
            skipped = newSkipped;
            return this;
        }

        /**
         * Places of fields that refer to other objects, by path such as {@code spec.http[0].delegate}; empty where the source
         * has no lines.
         */
        public Builder fields(Map<String, Origin> newFields) {
            fields = newFields;
            return this;
        }

        /** The meta. */
        public ObjectMeta build() {
            return new ObjectMeta(namespace, name, creationTimestamp, labels, annotations, origin, skipped, fields);
        }
    }
}
