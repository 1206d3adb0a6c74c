package io.inmesh.kubernetes.internal.reflect;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonReader;
import io.inmesh.kubernetes.internal.resource.KubernetesObject;
import io.inmesh.kubernetes.internal.resource.Metadata;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import io.inmesh.kubernetes.internal.resource.ResourceType;
import io.inmesh.kubernetes.internal.resource.UnreadableObjectException;
import java.io.IOException;
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

    private static Thing read(JsonReader json) throws IOException {
        JsonObject object = JsonParser.parseReader(json).getAsJsonObject();
        JsonObject metadata = object.getAsJsonObject("metadata");
        ObjectKey key = new ObjectKey(text(metadata, "namespace"), text(metadata, "name"));
        if (text(object, "value").equals("bad")) {
            throw new UnreadableObjectException(key, "its value is bad");
        }
        return new Thing(
                new Metadata(
                        key, text(metadata, "uid"), text(metadata, "resourceVersion"), Map.of(), Map.of(), null, null),
                text(object, "value"));
    }

    private static String text(JsonObject object, String field) {
        JsonElement value = object.get(field);
        return value == null || value.isJsonNull() ? "" : value.getAsString();
    }
}
