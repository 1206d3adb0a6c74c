package io.inmesh.kubernetes.internal.reflect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.inmesh.kubernetes.internal.api.StatusReader;
import io.inmesh.kubernetes.internal.resource.KubernetesObject;
import io.inmesh.kubernetes.internal.resource.ResourceReader;
import io.inmesh.kubernetes.internal.resource.UnreadableObjectException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Makes events of the lines of a watch; no line disturbs the next one. Not thread-safe. */
final class EventParser<T extends KubernetesObject> {
    private static final String INITIAL_EVENTS_END = "k8s.io/initial-events-end";

    private final ResourceReader<T> objects;
    private final LineJson lines = new LineJson();

    EventParser(ResourceReader<T> objects) {
        this.objects = objects;
    }

    /** The event of the line, which is the first {@code length} bytes. */
    WatchEvent<T> parse(byte[] line, int length) {
        try {
            Reading reading = new Reading("");
            reading.read(lines.begin(line, length));
            if (reading.object && reading.event == null && !reading.type.isEmpty()) {
                // The object came before the type, without which nobody knows how to read it.
                reading = new Reading(reading.type);
                reading.read(lines.begin(line, length));
            }
            WatchEvent<T> event = reading.event;
            return event == null
                    ? unreadable(line, length, "it has no " + (reading.object ? "type" : "object"))
                    : event;
        } catch (JsonProcessingException broken) {
            lines.giveUp();
            return unreadable(line, length, broken.getOriginalMessage());
        } catch (IOException | RuntimeException broken) {
            lines.giveUp();
            return unreadable(line, length, broken.toString());
        }
    }

    private WatchEvent<T> unreadable(byte[] line, int length, String reason) {
        ObjectIdentity found = new ObjectIdentity();
        try {
            JsonParser json = lines.begin(line, length);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean object = json.currentName().equals("object");
                json.nextToken();
                if (object) {
                    found.readFrom(json);
                } else {
                    json.skipChildren();
                }
            }
        } catch (IOException | RuntimeException broken) {
            // The name, if there is one, stands before the place where it broke.
        }
        lines.giveUp();
        return new WatchEvent.Unreadable<>(found.key(), true, reason);
    }

    /** One pass over a line. */
    private final class Reading {
        private String type;
        private boolean object;
        private @Nullable WatchEvent<T> event;

        /** @param type where it is known before, else empty */
        Reading(String type) {
            this.type = type;
        }

        void read(JsonParser json) throws IOException {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                JsonToken value = json.nextToken();
                if (field.equals("type") && value == JsonToken.VALUE_STRING) {
                    type = json.getText();
                } else if (field.equals("object")) {
                    object = true;
                    if (!type.isEmpty()) {
                        event = event(json);
                        continue;
                    }
                }
                json.skipChildren();
            }
        }

        private WatchEvent<T> event(JsonParser json) throws IOException {
            try {
                return switch (type) {
                    case "ADDED", "MODIFIED" -> new WatchEvent.Applied<>(objects.read(json));
                    case "DELETED" -> deleted(ObjectIdentity.read(json));
                    case "BOOKMARK" -> bookmark(ObjectIdentity.read(json));
                    case "ERROR" -> new WatchEvent.Failed<>(StatusReader.read(json));
                    default ->
                        new WatchEvent.Unreadable<>(
                                ObjectIdentity.read(json).key(), true, "its type is \"" + type + "\"");
                };
            } catch (UnreadableObjectException senseless) {
                // Nobody knows what became of one without a name, so that everything has to be read again.
                boolean nameless = senseless.key().name().isEmpty();
                return new WatchEvent.Unreadable<>(senseless.key(), nameless, String.valueOf(senseless.getMessage()));
            }
        }

        // Of what is gone only the name matters, so that an unreadable object can be deleted, too.
        private WatchEvent<T> deleted(ObjectIdentity gone) {
            return gone.key().name().isEmpty()
                    ? new WatchEvent.Unreadable<>(gone.key(), true, "it has no name")
                    : new WatchEvent.Deleted<>(gone.key(), gone.resourceVersion());
        }

        private WatchEvent<T> bookmark(ObjectIdentity bookmark) {
            return new WatchEvent.Bookmark<>(bookmark.resourceVersion(), bookmark.hasAnnotation(INITIAL_EVENTS_END));
        }
    }
}
