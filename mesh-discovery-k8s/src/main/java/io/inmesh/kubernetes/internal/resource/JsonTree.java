package io.inmesh.kubernetes.internal.resource;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads any JSON as maps, lists, texts, numbers, booleans and null, within bounds. What is beyond them is left for the
 * rules' reader to refuse, which can say so by the name of the object and keep its last good version.
 */
final class JsonTree {
    /** Deeper than the rules' reader takes, so that a tree cut off here is refused there. */
    private static final int DEEPEST = 120;

    /** Custom resources as a whole are at most 1.5 MiB, by etcd's limit. */
    private static final int LONGEST_TEXT = 1 << 21;

    private static final int LONGEST_NUMBER = 64;

    private final JsonCursor json;

    JsonTree(JsonCursor json) {
        this.json = json;
    }

    /** The value on which the stream stands. */
    @Nullable
    Object read() throws IOException {
        return read(0);
    }

    private @Nullable Object read(int depth) throws IOException {
        if (depth > DEEPEST) {
            json.skip();
            return null;
        }
        return switch (json.at()) {
            case START_OBJECT -> map(depth);
            case START_ARRAY -> list(depth);
            case VALUE_STRING -> json.text(LONGEST_TEXT);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(json.literal());
            case VALUE_TRUE, VALUE_FALSE -> json.bool();
            default -> {
                json.skip();
                yield null;
            }
        };
    }

    private Map<String, @Nullable Object> map(int depth) throws IOException {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        json.object(name -> map.put(json.shareText(name), read(depth + 1)));
        return Collections.unmodifiableMap(map);
    }

    private List<@Nullable Object> list(int depth) throws IOException {
        List<@Nullable Object> list = new ArrayList<>();
        json.list(() -> list.add(read(depth + 1)));
        return Collections.unmodifiableList(list);
    }

    private static Object number(String literal) {
        if (literal.length() <= LONGEST_NUMBER) {
            try {
                return new BigDecimal(literal);
            } catch (NumberFormatException e) {
                // its exponent is out of range
            }
        }
        return literal;
    }
}
