package io.inmesh.kubernetes.internal.reflect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.inmesh.kubernetes.internal.resource.KubernetesObject;
import io.inmesh.kubernetes.internal.resource.Metadata;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import io.inmesh.kubernetes.internal.resource.ResourceType;
import io.inmesh.kubernetes.internal.resource.UnreadableObjectException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The least object, with one field of its own; one whose {@code value} is {@code bad} is unreadable, {@code half} in part. */
record Thing(Metadata metadata, String value) implements KubernetesObject {
    static final String PATH = "/apis/example.org/v1/things";

    static final ResourceType<Thing> TYPE = ResourceType.of("example.org", "v1", "things", "Thing", Thing::read);

    static final Selection<Thing> ALL = new Selection<>(TYPE, "", "", "");

    static String json(String name, String value) {
        return json("default", name, value);
    }

    static String json(String namespace, String name, String value) {
        return "{\"metadata\": {\"namespace\": \"" + namespace + "\", \"name\": \"" + name + "\"}, \"value\": \""
                + value + "\"}";
    }

    @Override
    public List<String> problems() {
        return value.equals("half") ? List.of("value: it is only half") : List.of();
    }

    private static Thing read(JsonParser json) throws IOException {
        Map<String, String> fields = new HashMap<>();
        read(json, "", fields);
        ObjectKey key =
                new ObjectKey(fields.getOrDefault("metadata.namespace", ""), fields.getOrDefault("metadata.name", ""));
        if (key.name().isEmpty()) {
            throw new UnreadableObjectException(key, "metadata.name is missing");
        }
        String value = fields.getOrDefault("value", "");
        if (value.equals("bad")) {
            throw new UnreadableObjectException(key, "its value is bad");
        }
        return new Thing(
                new Metadata(
                        key,
                        fields.getOrDefault("metadata.uid", ""),
                        fields.getOrDefault("metadata.resourceVersion", ""),
                        Map.of(),
                        Map.of(),
                        null,
                        null),
                value);
    }

    /** Texts by their path. */
    private static void read(JsonParser json, String path, Map<String, String> into) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw new IllegalStateException("not a map: " + path);
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = path + json.currentName();
            switch (json.nextToken()) {
                case START_OBJECT -> read(json, field + ".", into);
                case VALUE_STRING -> into.put(field, json.getText());
                default -> json.skipChildren();
            }
        }
    }
}
