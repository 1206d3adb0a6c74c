package io.inmesh.kubernetes.internal.resource;

import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;

/** Collects one object while its fields go by in whatever order. Used once. */
abstract class ObjectFields<T extends KubernetesObject> {
    final JsonCursor json;
    private final MetadataFields metadata;

    ObjectFields(JsonCursor json, Predicate<String> keepLabel, Predicate<String> keepAnnotation) {
        this.json = json;
        this.metadata = new MetadataFields(json, keepLabel, keepAnnotation);
    }

    /** Reads the whole object and only then says what was wrong with it. */
    final T read() throws IOException {
        json.object(field -> {
            if (field.equals("metadata")) {
                metadata.read();
            } else {
                field(field);
            }
        });
        List<String> problems = json.problems();
        if (!problems.isEmpty()) {
            throw new UnreadableObjectException(metadata.key(), String.join("; ", problems));
        }
        if (metadata.key().name().isEmpty()) {
            throw new UnreadableObjectException(metadata.key(), "metadata.name is missing");
        }
        return result(metadata.metadata());
    }

    /** Reads one field beside {@code metadata}. */
    abstract void field(String name) throws IOException;

    /** The object, after all fields were good. */
    abstract T result(Metadata metadata) throws UnreadableObjectException;
}
