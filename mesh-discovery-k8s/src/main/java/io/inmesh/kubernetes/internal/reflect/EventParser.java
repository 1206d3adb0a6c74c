package io.inmesh.kubernetes.internal.reflect;

import com.google.gson.stream.JsonReader;
import io.inmesh.kubernetes.internal.api.StatusReader;
import io.inmesh.kubernetes.internal.resource.JsonStreams;
import io.inmesh.kubernetes.internal.resource.KubernetesObject;
import io.inmesh.kubernetes.internal.resource.ResourceReader;
import io.inmesh.kubernetes.internal.resource.UnreadableObjectException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import okio.Buffer;
import okio.BufferedSource;

/** Makes events of the lines of a watch; no line disturbs it. Stateless. */
final class EventParser<T extends KubernetesObject> {
    private static final String INITIAL_EVENTS_END = "k8s.io/initial-events-end";

    private final ResourceReader<T> objects;

    EventParser(ResourceReader<T> objects) {
        this.objects = objects;
    }

    WatchEvent<T> parse(Buffer line) {
        try {
            String type = type(line);
            return switch (type) {
                case "ADDED", "MODIFIED" -> applied(object(line, objects::read));
                case "DELETED" -> deleted(line);
                case "BOOKMARK" -> bookmark(object(line, ObjectIdentity::read));
                case "ERROR" -> new WatchEvent.Failed<>(object(line, StatusReader::read));
                default -> unreadable(line, "its type is \"" + type + "\"");
            };
        } catch (UnreadableObjectException senseless) {
            return new WatchEvent.Unreadable<>(senseless.key(), false, String.valueOf(senseless.getMessage()));
        } catch (IOException | RuntimeException broken) {
            return unreadable(line, broken.toString());
        }
    }

    private WatchEvent<T> applied(T object) {
        return object.key().name().isEmpty()
                ? new WatchEvent.Unreadable<>(object.key(), true, "it has no name")
                : new WatchEvent.Applied<>(object);
    }

    // Of what is gone only the name matters, so that an unreadable object can be deleted, too.
    private WatchEvent<T> deleted(Buffer line) throws IOException {
        ObjectIdentity gone = object(line, ObjectIdentity::read);
        return gone.key().name().isEmpty()
                ? new WatchEvent.Unreadable<>(gone.key(), true, "it has no name")
                : new WatchEvent.Deleted<>(gone.key(), gone.resourceVersion());
    }

    private WatchEvent<T> bookmark(ObjectIdentity bookmark) {
        return new WatchEvent.Bookmark<>(bookmark.resourceVersion(), bookmark.hasAnnotation(INITIAL_EVENTS_END));
    }

    private WatchEvent<T> unreadable(Buffer line, String reason) {
        ObjectIdentity found = new ObjectIdentity();
        try {
            object(line, json -> {
                found.readFrom(json);
                return found;
            });
        } catch (IOException | RuntimeException broken) {
            // The name, if there is one, stands before the place where it broke.
        }
        return new WatchEvent.Unreadable<>(found.key(), true, reason);
    }

    private interface Reading<R> {
        R read(JsonReader json) throws IOException;
    }

    private static String type(Buffer line) throws IOException {
        return field(line, "type", JsonReader::nextString);
    }

    private static <R> R object(Buffer line, Reading<R> reading) throws IOException {
        return field(line, "object", reading);
    }

    // Nobody promises that the type comes before the object, so that each is looked for by itself.
    private static <R> R field(Buffer line, String name, Reading<R> reading) throws IOException {
        BufferedSource copy = line.peek();
        JsonReader json = JsonStreams.open(new InputStreamReader(copy.inputStream(), StandardCharsets.UTF_8));
        json.beginObject();
        while (json.hasNext()) {
            if (json.nextName().equals(name)) {
                return reading.read(json);
            }
            json.skipValue();
        }
        throw new IOException("it has no " + name);
    }
}
