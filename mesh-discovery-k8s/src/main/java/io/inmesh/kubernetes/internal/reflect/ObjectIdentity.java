package io.inmesh.kubernetes.internal.reflect;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/** The few fields of {@code metadata} by which events are told apart. What has been read is kept when reading breaks off. */
final class ObjectIdentity {
    private final Set<String> annotations = new HashSet<>();
    private String namespace = "";
    private String name = "";
    private String resourceVersion = "";

    /** Reads the object at which the reader stands, and exactly that. */
    static ObjectIdentity read(JsonReader json) throws IOException {
        ObjectIdentity identity = new ObjectIdentity();
        identity.readFrom(json);
        return identity;
    }

    void readFrom(JsonReader json) throws IOException {
        json.beginObject();
        while (json.hasNext()) {
            if (json.nextName().equals("metadata") && json.peek() == JsonToken.BEGIN_OBJECT) {
                readMetadata(json);
            } else {
                json.skipValue();
            }
        }
        json.endObject();
    }

    private void readMetadata(JsonReader json) throws IOException {
        json.beginObject();
        while (json.hasNext()) {
            String field = json.nextName();
            if (field.equals("annotations") && json.peek() == JsonToken.BEGIN_OBJECT) {
                readAnnotations(json);
            } else if (json.peek() == JsonToken.STRING) {
                keep(field, json.nextString());
            } else {
                json.skipValue();
            }
        }
        json.endObject();
    }

    private void readAnnotations(JsonReader json) throws IOException {
        json.beginObject();
        while (json.hasNext()) {
            annotations.add(json.nextName());
            json.skipValue();
        }
        json.endObject();
    }

    private void keep(String field, String value) {
        switch (field) {
            case "namespace" -> namespace = value;
            case "name" -> name = value;
            case "resourceVersion" -> resourceVersion = value;
            default -> {}
        }
    }

    ObjectKey key() {
        return new ObjectKey(namespace, name);
    }

    String resourceVersion() {
        return resourceVersion;
    }

    boolean hasAnnotation(String annotation) {
        return annotations.contains(annotation);
    }
}
