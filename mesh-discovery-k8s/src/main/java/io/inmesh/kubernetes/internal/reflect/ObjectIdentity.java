package io.inmesh.kubernetes.internal.reflect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
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

    /** Reads the object on whose first token the parser stands, and exactly that. */
    static ObjectIdentity read(JsonParser json) throws IOException {
        ObjectIdentity identity = new ObjectIdentity();
        identity.readFrom(json);
        return identity;
    }

    void readFrom(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw new IOException("the object is not a map");
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            boolean metadata = json.currentName().equals("metadata");
            if (json.nextToken() == JsonToken.START_OBJECT && metadata) {
                readMetadata(json);
            } else {
                json.skipChildren();
            }
        }
    }

    private void readMetadata(JsonParser json) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            if (field.equals("annotations") && value == JsonToken.START_OBJECT) {
                readAnnotations(json);
            } else if (value == JsonToken.VALUE_STRING) {
                keep(field, json);
            } else {
                json.skipChildren();
            }
        }
    }

    private void readAnnotations(JsonParser json) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            annotations.add(json.currentName());
            json.nextToken();
            json.skipChildren();
        }
    }

    private void keep(String field, JsonParser json) throws IOException {
        switch (field) {
            case "namespace" -> namespace = json.getText();
            case "name" -> name = json.getText();
            case "resourceVersion" -> resourceVersion = json.getText();
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
