package io.inmesh.internal.text;

import io.inmesh.internal.text.FieldAdvice.Level;
import io.inmesh.internal.text.Message.Value;
import io.inmesh.internal.text.MessageType.Field;
import io.inmesh.internal.text.MessageType.Kind;
import io.inmesh.internal.text.Tree.Entry;
import io.inmesh.internal.text.Tree.Mapping;
import io.inmesh.internal.text.Tree.Scalar;
import io.inmesh.internal.text.Tree.Sequence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Walks a tree along a {@link MessageType} and reports everything that does not fit: unknown fields, doubled keys, wrong
 * types. Typing follows the JSON form of protobuf: a number where text is wanted is an error, quoted
 * digits where a number is wanted are fine, null means absent.
 */
public final class MessageReader {
    private final ProblemList problems;
    private final ForeignFieldNames otherWords;
    private final LostValues lost = new LostValues();

    /** The messages that are being read, the outermost first. */
    private final List<Level> levels = new ArrayList<>();

    public MessageReader(ProblemList problems) {
        this(problems, ForeignFieldNames.NONE);
    }

    /** @param otherWords for advice about fields that are not known */
    public MessageReader(ProblemList problems, ForeignFieldNames otherWords) {
        this.problems = problems;
        this.otherWords = otherWords;
    }

    public LostValues lost() {
        return lost;
    }

    /** Begins an object: reports doubled and unknown fields at its top, and knows where misplaced ones belong. */
    public void begin(Mapping object, MessageType type, Place place) {
        levels.add(new Level(type, place, object));
        reportDoubled(object, place);
        for (Entry entry : object.entries()) {
            if (type.field(entry.key()) == null) {
                Place at = place.field(entry.key(), entry.line(), entry.column());
                unknown(entry.key(), entry.value(), type, at);
            }
        }
    }

    /** Reads what can be read; what cannot is reported and left out. */
    public Message read(Tree tree, MessageType type, Place place) {
        if (tree.isNull()) {
            return Message.empty(type, place);
        }
        if (!(tree instanceof Mapping mapping)) {
            problems.error(
                    place, type.name() + " must be a map with fields, this is " + tree.words(), fieldsOf(type, tree));
            lost.add(place);
            return Message.empty(type, place);
        }
        levels.add(new Level(type, place, mapping));
        Message message = fields(mapping, type, place);
        levels.remove(levels.size() - 1);
        return message;
    }

    private static String fieldsOf(MessageType type, Tree tree) {
        if (type.fieldNames().size() == 1
                && tree instanceof Scalar scalar
                && scalar.text().length() < 40) {
            String only = type.fieldNames().iterator().next();
            return "write it as {" + only + ": " + scalar.text() + "}";
        }
        return "write its fields: " + String.join(", ", type.fieldNames());
    }

    private Message fields(Mapping mapping, MessageType type, Place place) {
        Map<String, Value> values = new LinkedHashMap<>();
        Set<String> seen = new HashSet<>();
        for (Entry entry : mapping.entries()) {
            Place keyPlace = place.field(entry.key(), entry.line(), entry.column());
            Field field = field(type, entry, keyPlace);
            if (field == null) {
                continue;
            }
            if (!seen.add(field.name())) {
                doubled(keyPlace, entry.key());
                continue;
            }
            Place valuePlace = valuePlace(entry, place);
            if (entry.value().isNull()) {
                continue;
            }
            Object content = content(entry.value(), field, valuePlace);
            if (content == null) {
                lost.add(valuePlace);
            } else {
                values.put(field.name(), new Value(content, valuePlace));
            }
        }
        return new Message(type, place, values);
    }

    /** A scalar stands where it is written, a map or list where its key is: there one looks for it. */
    public static Place valuePlace(Entry entry, Place map) {
        Tree value = entry.value();
        return value instanceof Scalar
                ? map.field(entry.key(), value.line(), value.column())
                : map.field(entry.key(), entry.line(), entry.column());
    }

    /** Reports a key that stands twice in a map that is not read along a type. */
    public void reportDoubled(Mapping mapping, Place place) {
        Set<String> seen = new HashSet<>();
        for (Entry entry : mapping.entries()) {
            if (!seen.add(entry.key())) {
                doubled(place.field(entry.key(), entry.line(), entry.column()), entry.key());
            }
        }
    }

    /** Refuses a key of a map with free keys where Kubernetes would see another key; whether it may stay. */
    public boolean isPlainKey(Entry entry, Place map) {
        if (!ScalarKinds.isOtherKeyToKubernetes(entry.keyKind(), entry.key())) {
            return true;
        }
        Place place = map.field(entry.key(), entry.line(), entry.column());
        boolean bool = entry.keyKind() == Tree.Kind.BOOL_IN_YAML_1_1 || entry.keyKind() == Tree.Kind.BOOL;
        problems.error(
                place,
                "Kubernetes reads the unquoted key " + MessageText.quote(entry.key()) + " as "
                        + (bool
                                ? "the boolean " + ScalarKinds.isTrue(entry.key())
                                : "a number, and writes it otherwise"),
                "put it in quotes: " + MessageText.quote(entry.key()));
        return false;
    }

    private void doubled(Place place, String key) {
        problems.error(
                place, "the key " + MessageText.quote(key) + " stands twice in the same map", "remove one of them");
    }

    private @Nullable Field field(MessageType type, Entry entry, Place place) {
        String key = entry.key();
        Field field = type.field(key);
        if (field != null) {
            return field;
        }
        String camelCase = camelCase(key);
        field = type.field(camelCase);
        if (field != null) {
            problems.warning(
                    place,
                    MessageText.quote(key) + " is protobuf's name of the field; Kubernetes does not know it",
                    "write " + camelCase);
            return field;
        }
        lost.add(place);
        unknown(key, entry.value(), type, place);
        return null;
    }

    private void unknown(String key, Tree value, MessageType type, Place place) {
        // No use in looking for advice that is not kept.
        String fix = problems.isFull() ? "" : new FieldAdvice(otherWords, levels, camelCase(key), value).fix();
        problems.error(place, "unknown field " + MessageText.quote(key) + " in " + type.name(), fix);
    }

    private static String camelCase(String snakeCase) {
        if (snakeCase.indexOf('_') < 0) {
            return snakeCase;
        }
        StringBuilder camelCase = new StringBuilder();
        boolean up = false;
        for (int i = 0; i < snakeCase.length(); i++) {
            char c = snakeCase.charAt(i);
            if (c == '_') {
                up = true;
            } else {
                camelCase.append(up && c >= 'a' && c <= 'z' ? (char) (c - 'a' + 'A') : c);
                up = false;
            }
        }
        return camelCase.toString();
    }

    private @Nullable Object content(Tree tree, Field field, Place place) {
        return switch (field.shape()) {
            case SINGLE -> single(tree, field, place);
            case LIST -> list(tree, field, place);
            case MAP -> map(tree, field, place);
        };
    }

    private @Nullable List<Value> list(Tree tree, Field field, Place place) {
        if (!(tree instanceof Sequence sequence)) {
            problems.error(
                    place,
                    field.name() + " must be a list, this is " + tree.words(),
                    "put a dash before each item: \"- \"");
            return null;
        }
        List<Value> values = new ArrayList<>(sequence.items().size());
        for (int i = 0; i < sequence.items().size(); i++) {
            Tree item = sequence.items().get(i);
            Place itemPlace = place.item(i, item.line(), item.column());
            Object content = item.isNull() ? ofNull(field, itemPlace) : single(item, field, itemPlace);
            if (content == null) {
                lost.add(itemPlace);
            } else {
                values.add(new Value(content, itemPlace));
            }
        }
        return values;
    }

    private @Nullable Map<String, Value> map(Tree tree, Field field, Place place) {
        if (!(tree instanceof Mapping mapping)) {
            problems.error(
                    place, field.name() + " must be a map, this is " + tree.words(), "write it as \"key: value\"");
            return null;
        }
        Map<String, Value> values = new LinkedHashMap<>();
        Set<String> seen = new HashSet<>();
        for (Entry entry : mapping.entries()) {
            Tree item = entry.value();
            Place itemPlace = valuePlace(entry, place);
            if (!seen.add(entry.key())) {
                doubled(place.field(entry.key(), entry.line(), entry.column()), entry.key());
                continue;
            }
            if (!isPlainKey(entry, place)) {
                lost.add(itemPlace);
                continue;
            }
            Object content = item.isNull() ? ofNull(field, itemPlace) : single(item, field, itemPlace);
            if (content == null) {
                lost.add(itemPlace);
            } else {
                values.put(entry.key(), new Value(content, itemPlace));
            }
        }
        return values;
    }

    /** Inside lists and maps null is protobuf's default of the type, not absence. */
    private static Object ofNull(Field field, Place place) {
        return switch (field.kind()) {
            case STRING, ENUM -> "";
            case BYTES -> new byte[0];
            case BOOL -> false;
            case INT32, UINT32, UINT64 -> 0L;
            case DOUBLE -> 0.0;
            case DURATION -> Duration.ZERO;
            case MESSAGE -> Message.ofNull(messageType(field), place);
        };
    }

    private @Nullable Object single(Tree tree, Field field, Place place) {
        if (field.kind() == Kind.MESSAGE) {
            return read(tree, messageType(field), place);
        }
        if (!(tree instanceof Scalar scalar)) {
            problems.error(
                    place,
                    field.name() + " must be " + field.kind().words() + ", this is " + tree.words(),
                    tree instanceof Sequence ? "give one value, not a list" : "give one value, not a map");
            return null;
        }
        return new ScalarReader(problems, field, place).read(scalar);
    }

    private static MessageType messageType(Field field) {
        MessageType type = field.message();
        if (type == null) {
            throw new IllegalStateException("field " + field.name() + " has no message type");
        }
        return type;
    }
}
