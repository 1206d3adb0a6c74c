package io.inmesh.internal.text;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A message whose fields have their declared types. Absent and null are the same; accessors answer with protobuf's
 * default where a field is absent.
 */
public final class Message {
    private final MessageType type;
    private final Place place;
    private final Map<String, Value> fields;
    private final boolean isNull;

    /** Takes the map over. */
    Message(MessageType type, Place place, Map<String, Value> fields) {
        this(type, place, fields, false);
    }

    private Message(MessageType type, Place place, Map<String, Value> fields, boolean isNull) {
        this.type = type;
        this.place = place;
        this.fields = fields;
        this.isNull = isNull;
    }

    public static Message empty(MessageType type, Place place) {
        return new Message(type, place, new LinkedHashMap<>());
    }

    /** What null in a list or map is read as. */
    static Message ofNull(MessageType type, Place place) {
        return new Message(type, place, new LinkedHashMap<>(), true);
    }

    /**
     * A value with its place.
     *
     * @param content String, Boolean, Long, Double, Duration, {@code byte[]}, Message, {@code List<Value>} or {@code
     *     Map<String, Value>}
     */
    public record Value(Object content, Place place) {
        public String string() {
            return (String) content;
        }

        public long number() {
            return (Long) content;
        }

        public Message message() {
            return (Message) content;
        }
    }

    public MessageType type() {
        return type;
    }

    public Place place() {
        return place;
    }

    public boolean isEmpty() {
        return fields.isEmpty();
    }

    /** Whether null is written where the message stands, rather than an empty map. */
    public boolean isNull() {
        return isNull;
    }

    public boolean has(String field) {
        return fields.containsKey(field);
    }

    /** Names of the fields that are given, in order of writing. */
    public Set<String> given() {
        return Collections.unmodifiableSet(fields.keySet());
    }

    /** Makes as if a field had not been given. */
    public void forget(String field) {
        fields.remove(field);
    }

    /** Place of the field, or where it is missing. */
    public Place place(String field) {
        Value value = fields.get(field);
        return value == null ? place.missing(field) : value.place();
    }

    /** Content of a field that is given, whatever its type. */
    public Object content(String field) {
        return Objects.requireNonNull(fields.get(field), field).content();
    }

    public String string(String field) {
        Value value = fields.get(field);
        return value == null ? "" : value.string();
    }

    public @Nullable String stringOrNull(String field) {
        Value value = fields.get(field);
        return value == null ? null : value.string();
    }

    public boolean bool(String field) {
        Value value = fields.get(field);
        return value != null && (Boolean) value.content();
    }

    public @Nullable Boolean boolOrNull(String field) {
        Value value = fields.get(field);
        return value == null ? null : (Boolean) value.content();
    }

    public long number(String field) {
        Value value = fields.get(field);
        return value == null ? 0 : value.number();
    }

    public @Nullable Long numberOrNull(String field) {
        Value value = fields.get(field);
        return value == null ? null : (Long) value.content();
    }

    /** A number that fits an int by its type, or is cut to the largest int. */
    public int integer(String field) {
        return clamp(number(field));
    }

    public @Nullable Integer integerOrNull(String field) {
        Value value = fields.get(field);
        return value == null ? null : Integer.valueOf(clamp(value.number()));
    }

    public @Nullable Double doubleOrNull(String field) {
        Value value = fields.get(field);
        return value == null ? null : (Double) value.content();
    }

    public @Nullable Duration duration(String field) {
        Value value = fields.get(field);
        return value == null ? null : (Duration) value.content();
    }

    public byte @Nullable [] bytes(String field) {
        Value value = fields.get(field);
        return value == null ? null : (byte[]) value.content();
    }

    public @Nullable Message message(String field) {
        Value value = fields.get(field);
        return value == null ? null : value.message();
    }

    /** Items of a list, none when absent. */
    @SuppressWarnings("unchecked")
    public List<Value> list(String field) {
        Value value = fields.get(field);
        return value == null ? List.of() : (List<Value>) value.content();
    }

    public List<Message> messages(String field) {
        List<Value> items = list(field);
        List<Message> messages = new ArrayList<>(items.size());
        for (Value item : items) {
            messages.add(item.message());
        }
        return messages;
    }

    public List<String> strings(String field) {
        List<Value> items = list(field);
        List<String> strings = new ArrayList<>(items.size());
        for (Value item : items) {
            strings.add(item.string());
        }
        return strings;
    }

    /** Entries of a map in order of writing, none when absent. */
    @SuppressWarnings("unchecked")
    public Map<String, Value> map(String field) {
        Value value = fields.get(field);
        return value == null ? Map.of() : (Map<String, Value>) value.content();
    }

    public Map<String, String> stringMap(String field) {
        Map<String, String> strings = new LinkedHashMap<>();
        map(field).forEach((key, value) -> strings.put(key, value.string()));
        return strings;
    }

    private static int clamp(long number) {
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, number));
    }
}
