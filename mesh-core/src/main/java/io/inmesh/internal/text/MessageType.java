package io.inmesh.internal.text;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fields of a message as its API declares them: the strict reader refuses what is not declared. */
public final class MessageType {
    private final String name;
    private final Map<String, Field> fields;

    private MessageType(String name, Map<String, Field> fields) {
        this.name = name;
        this.fields = Collections.unmodifiableMap(fields);
    }

    public static Builder of(String name) {
        return new Builder(name);
    }

    /** The API's name of the message. */
    String name() {
        return name;
    }

    /** The field of this YAML key, null when there is none. */
    public @Nullable Field field(String key) {
        return fields.get(key);
    }

    Collection<Field> fields() {
        return fields.values();
    }

    public Collection<String> fieldNames() {
        return fields.keySet();
    }

    /** Type of a field's values, in protobuf's words; wrappers (BoolValue …) count as what they wrap. */
    public enum Kind {
        STRING("a string"),
        BYTES("base64 text"),
        BOOL("true or false"),
        INT32("a whole number"),
        UINT32("a whole number, 0 or more"),
        UINT64("a whole number, 0 or more"),
        DOUBLE("a number"),
        DURATION("a duration such as 1.5s"),
        ENUM("a name"),
        MESSAGE("a map");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** What makes sense where the field says nothing: no field of Istio's means anything by a number below 0. */
        private Range range() {
            return new Range(0, this == UINT32 ? 0xFFFF_FFFFL : this == UINT64 ? Long.MAX_VALUE : Integer.MAX_VALUE);
        }

        /** What is expected, for messages. */
        public String words() {
            return words;
        }
    }

    /** One value, a list, or a map with string keys. */
    enum Shape {
        SINGLE,
        LIST,
        MAP
    }

    /** Whole numbers from the least to the most, both included. */
    record Range(long least, long most) {}

    /**
     * One field.
     *
     * @param message type of the values when the kind is MESSAGE
     * @param values names of an enum in protobuf's order; empty for other kinds
     * @param range whole numbers that make sense, for advice where none could be read; rules refuse what is beyond
     */
    public record Field(
            String name, Kind kind, Shape shape, @Nullable MessageType message, List<String> values, Range range) {
        private Field(String name, Kind kind, Shape shape, @Nullable MessageType message, List<String> values) {
            this(name, kind, shape, message, values, kind.range());
        }
    }

    /** Collects fields. */
    public static final class Builder {
        private final String name;
        private final Map<String, Field> fields = new LinkedHashMap<>();

        private Builder(String name) {
            this.name = name;
        }

        public Builder string(String field) {
            return add(field, Kind.STRING, Shape.SINGLE);
        }

        public Builder strings(String field) {
            return add(field, Kind.STRING, Shape.LIST);
        }

        public Builder stringMap(String field) {
            return add(field, Kind.STRING, Shape.MAP);
        }

        public Builder bool(String field) {
            return add(field, Kind.BOOL, Shape.SINGLE);
        }

        public Builder duration(String field) {
            return add(field, Kind.DURATION, Shape.SINGLE);
        }

        public Builder value(String field, Kind kind) {
            return add(field, kind, Shape.SINGLE);
        }

        /** A whole number that makes sense from the least to the most. */
        public Builder value(String field, Kind kind, long least, long most) {
            return add(field, kind, Shape.SINGLE, new Range(least, most));
        }

        /** Whole numbers, each of which makes sense from the least to the most. */
        public Builder values(String field, Kind kind, long least, long most) {
            return add(field, kind, Shape.LIST, new Range(least, most));
        }

        public Builder valueMap(String field, Kind kind) {
            return add(field, kind, Shape.MAP);
        }

        public Builder choice(String field, String... values) {
            fields.put(field, new Field(field, Kind.ENUM, Shape.SINGLE, null, List.of(values)));
            return this;
        }

        public Builder message(String field, MessageType type) {
            return add(field, Shape.SINGLE, type);
        }

        public Builder messages(String field, MessageType type) {
            return add(field, Shape.LIST, type);
        }

        public Builder messageMap(String field, MessageType type) {
            return add(field, Shape.MAP, type);
        }

        public MessageType build() {
            return new MessageType(name, fields);
        }

        private Builder add(String field, Kind kind, Shape shape) {
            fields.put(field, new Field(field, kind, shape, null, List.of()));
            return this;
        }

        private Builder add(String field, Kind kind, Shape shape, Range range) {
            fields.put(field, new Field(field, kind, shape, null, List.of(), range));
            return this;
        }

        private Builder add(String field, Shape shape, MessageType type) {
            fields.put(field, new Field(field, Kind.MESSAGE, shape, type, List.of()));
            return this;
        }
    }
}
