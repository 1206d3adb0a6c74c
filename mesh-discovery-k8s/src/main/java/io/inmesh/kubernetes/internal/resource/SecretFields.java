package io.inmesh.kubernetes.internal.resource;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Collects of a Secret its name, type and the names of its entries; no value is ever kept. */
final class SecretFields extends ObjectFields<CustomResource> {
    private static final SharedValues SHARED = new SharedValues();

    private final Map<String, Object> fields = new LinkedHashMap<>();

    private SecretFields(JsonCursor json) {
        // kubectl keeps the whole object in an annotation.
        super(json, label -> false, annotation -> false);
        fields.put("apiVersion", "v1");
        fields.put("kind", "Secret");
    }

    static CustomResource read(JsonParser json) throws IOException {
        return new SecretFields(new JsonCursor(json, SHARED)).read();
    }

    @Override
    void field(String name) throws IOException {
        switch (name) {
            case "type" -> fields.put(name, json.text());
            case "data" -> {
                Map<String, Object> entries = new LinkedHashMap<>();
                json.object(entry -> {
                    json.skip();
                    entries.put(entry, "");
                });
                fields.put(name, entries);
            }
            default -> json.skip();
        }
    }

    @Override
    CustomResource result(Metadata metadata) {
        fields.put("metadata", CustomResourceFields.tree(metadata));
        return new CustomResource(metadata, Map.copyOf(fields));
    }
}
