package io.inmesh.kubernetes.internal.resource;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects a {@link CustomResource}: everything but what the server and kubectl keep for themselves. */
final class CustomResourceFields extends ObjectFields<CustomResource> {
    private static final SharedValues SHARED = new SharedValues();

    /** Where kubectl keeps the whole object a second time. */
    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    private final JsonTree trees;
    private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();

    private CustomResourceFields(JsonCursor json) {
        super(json, MetadataFields.ALL, annotation -> !annotation.equals(LAST_APPLIED));
        trees = new JsonTree(json);
    }

    /** Reads one whose apiVersion and kind are those given where the server leaves them out. */
    static CustomResource read(JsonParser json, String apiVersion, String kind) throws IOException {
        CustomResourceFields object = new CustomResourceFields(new JsonCursor(json, SHARED));
        object.fields.put("apiVersion", apiVersion);
        object.fields.put("kind", kind);
        return object.read();
    }

    @Override
    void field(String name) throws IOException {
        if (name.equals("status")) {
            json.skip();
            return;
        }
        Object value = trees.read();
        if (value != null) {
            fields.put(name, value);
        }
    }

    @Override
    CustomResource result(Metadata metadata) {
        fields.put("metadata", tree(metadata));
        return new CustomResource(metadata, Collections.unmodifiableMap(fields));
    }

    static Map<String, Object> tree(Metadata metadata) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", metadata.key().name());
        tree.put("namespace", metadata.key().namespace());
        tree.put("uid", metadata.uid());
        tree.put("resourceVersion", metadata.resourceVersion());
        String created = metadata.creationTimestamp();
        if (created != null && isTime(created)) {
            tree.put("creationTimestamp", created);
        }
        tree.put("labels", metadata.labels());
        tree.put("annotations", metadata.annotations());
        return Collections.unmodifiableMap(tree);
    }

    private static boolean isTime(String text) {
        try {
            return Instant.parse(text) != null;
        } catch (DateTimeParseException e) {
            return false;
        }
    }
}
