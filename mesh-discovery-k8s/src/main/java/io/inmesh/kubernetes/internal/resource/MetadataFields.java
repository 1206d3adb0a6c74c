package io.inmesh.kubernetes.internal.resource;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Collects an object's metadata, of labels and annotations only those wanted. */
final class MetadataFields {
    /** Keeps all. */
    static final Predicate<String> ALL = name -> true;

    /** Keeps none. */
    static final Predicate<String> NONE = name -> false;

    private final JsonCursor json;
    private final Predicate<String> keepLabel;
    private final Predicate<String> keepAnnotation;

    private String name = "";
    private String namespace = "";
    private String uid = "";
    private String resourceVersion = "";
    private Map<String, String> labels = Map.of();
    private Map<String, String> annotations = Map.of();
    private @Nullable String creationTimestamp;
    private @Nullable String deletionTimestamp;

    MetadataFields(JsonCursor json, Predicate<String> keepLabel, Predicate<String> keepAnnotation) {
        this.json = json;
        this.keepLabel = keepLabel;
        this.keepAnnotation = keepAnnotation;
    }

    void read() throws IOException {
        json.object(this::field);
    }

    ObjectKey key() {
        return new ObjectKey(namespace, name);
    }

    Metadata metadata() {
        return new Metadata(key(), uid, resourceVersion, labels, annotations, creationTimestamp, deletionTimestamp);
    }

    private void field(String field) throws IOException {
        switch (field) {
            case "name" -> name = json.text();
            case "namespace" -> namespace = json.sharedText();
            case "uid" -> uid = json.text();
            case "resourceVersion" -> resourceVersion = json.text();
            case "labels" -> labels = texts(json, keepLabel);
            case "annotations" -> annotations = texts(json, keepAnnotation);
            case "creationTimestamp" -> creationTimestamp = json.time();
            case "deletionTimestamp" -> deletionTimestamp = json.time();
            default -> json.skip();
        }
    }

    /** A map of texts, of which those wanted are kept. */
    static Map<String, String> texts(JsonCursor json, Predicate<String> keep) throws IOException {
        Map<String, String> kept = new HashMap<>(8);
        json.object(key -> {
            if (keep.test(key)) {
                kept.put(json.shareText(key), json.sharedText());
            } else {
                json.skip();
            }
        });
        return json.share(Map.copyOf(kept));
    }
}
