package io.inmesh.kubernetes.internal.reflect;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
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
    String read(JsonReader json) throws IOException {
        try {
            json.beginObject();
            while (json.hasNext()) {
                switch (json.nextName()) {
                    case "metadata" -> readMetadata(json);
                    case "items" -> readItems(json);
                    default -> json.skipValue();
                }
            }
            json.endObject();
        } catch (RuntimeException unexpected) {
            throw new IOException("the list cannot be read: " + unexpected, unexpected);
        }
        if (!items || resourceVersion.isEmpty()) {
            throw new IOException("the answer is not a list: it has no " + (items ? "resource version" : "items"));
        }
        into.endsAt(resourceVersion);
        return next;
    }

    private void readMetadata(JsonReader json) throws IOException {
        json.beginObject();
        while (json.hasNext()) {
            String field = json.nextName();
            if (json.peek() != JsonToken.STRING) {
                json.skipValue();
            } else if (field.equals("resourceVersion")) {
                resourceVersion = json.nextString();
            } else if (field.equals("continue")) {
                next = json.nextString();
            } else {
                json.skipValue();
            }
        }
        json.endObject();
    }

    private void readItems(JsonReader json) throws IOException {
        items = true;
        if (json.peek() == JsonToken.NULL) {
            json.nextNull();
            return;
        }
        json.beginArray();
        while (json.hasNext()) {
            try {
                into.put(objects.read(json));
            } catch (UnreadableObjectException senseless) {
                into.unreadable(senseless.key());
                onUnreadable.accept(senseless);
            }
        }
        json.endArray();
    }
}
