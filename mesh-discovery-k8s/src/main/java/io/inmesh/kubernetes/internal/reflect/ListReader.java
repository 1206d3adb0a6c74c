package io.inmesh.kubernetes.internal.reflect;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import io.inmesh.kubernetes.internal.resource.KubernetesObject;
import io.inmesh.kubernetes.internal.resource.ResourceReader;
import io.inmesh.kubernetes.internal.resource.UnreadableObjectException;
import java.io.IOException;
import java.util.function.Consumer;

/** Reads one page of a list from a stream, object by object. Used once. */
final class ListReader<T extends KubernetesObject> {
    private final ResourceReader<T> objects;
    private final Listing<T> into;
    private final Consumer<UnreadableObjectException> onUnreadable;
    private String resourceVersion = "";
    private String next = "";
    private boolean items;

    ListReader(ResourceReader<T> objects, Listing<T> into, Consumer<UnreadableObjectException> onUnreadable) {
        this.objects = objects;
        this.into = into;
        this.onUnreadable = onUnreadable;
    }

    /**
     * Reads the page into the listing.
     *
     * @return what asks for the next page, empty when this is the last
     * @throws IOException when it is not a list, or not a whole one
     */
    String read(JsonParser json) throws IOException {
        try {
            if (json.currentToken() != JsonToken.START_OBJECT) {
                throw new IOException("the answer is not a list");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                JsonToken value = json.nextToken();
                if (field.equals("metadata") && value == JsonToken.START_OBJECT) {
                    readMetadata(json);
                } else if (field.equals("items")) {
                    readItems(json);
                } else {
                    json.skipChildren();
                }
            }
        } catch (JsonProcessingException broken) {
            throw new IOException("the list cannot be read: " + withoutText(broken), broken);
        } catch (RuntimeException unexpected) {
            throw new IOException("the list cannot be read: " + unexpected, unexpected);
        }
        if (!items || resourceVersion.isEmpty()) {
            throw new IOException("the answer is not a list: it has no " + (items ? "resource version" : "items"));
        }
        into.endsAt(resourceVersion);
        return next;
    }

    /** The exception itself quotes what stands there, and that may belong to a Secret. */
    private static String withoutText(JsonProcessingException broken) {
        if (broken instanceof JsonEOFException) {
            return "it ends early";
        }
        JsonLocation place = broken.getLocation();
        return "it is not JSON"
                + (place == null ? "" : ", line " + place.getLineNr() + ", column " + place.getColumnNr());
    }

    private void readMetadata(JsonParser json) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            if (json.nextToken() != JsonToken.VALUE_STRING) {
                json.skipChildren();
            } else if (field.equals("resourceVersion")) {
                resourceVersion = json.getText();
            } else if (field.equals("continue")) {
                next = json.getText();
            }
        }
    }

    private void readItems(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            if (json.currentToken() != JsonToken.VALUE_NULL) {
                throw new IOException("the answer is not a list: its items are none");
            }
            items = true;
            return;
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            try {
                into.put(objects.read(json));
            } catch (UnreadableObjectException senseless) {
                into.unreadable(senseless.key());
                onUnreadable.accept(senseless);
            }
        }
        items = true;
    }
}
