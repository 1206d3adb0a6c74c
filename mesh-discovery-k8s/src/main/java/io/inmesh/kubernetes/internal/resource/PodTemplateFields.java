package io.inmesh.kubernetes.internal.resource;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects of a Pod its labels, service account and ports, which is little of it. */
final class PodTemplateFields extends ObjectFields<CustomResource> {
    private static final SharedValues SHARED = new SharedValues();

    private final JsonTree trees;
    private final Map<String, Object> spec = new LinkedHashMap<>();

    private PodTemplateFields(JsonCursor json) {
        super(json, MetadataFields.ALL, annotation -> false);
        trees = new JsonTree(json);
    }

    static CustomResource read(JsonParser json) throws IOException {
        return new PodTemplateFields(new JsonCursor(json, SHARED)).read();
    }

    @Override
    void field(String name) throws IOException {
        if (!name.equals("spec")) {
            json.skip();
            return;
        }
        json.object(field -> {
            switch (field) {
                case "serviceAccountName" -> spec.put(field, json.sharedText());
                case "containers" -> spec.put(field, containers());
                default -> json.skip();
            }
        });
    }

    private List<Object> containers() throws IOException {
        List<Object> containers = new ArrayList<>(1);
        json.list(() -> json.object(field -> {
            Object ports = field.equals("ports") ? trees.read() : null;
            if (ports != null) {
                containers.add(Map.of(field, ports));
            } else if (!field.equals("ports")) {
                json.skip();
            }
        }));
        return containers;
    }

    @Override
    CustomResource result(Metadata metadata) {
        return new CustomResource(
                metadata,
                Map.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "Pod",
                        "metadata",
                        CustomResourceFields.tree(metadata),
                        "spec",
                        Map.copyOf(spec)));
    }
}
