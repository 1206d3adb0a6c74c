package io.inmesh.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.inmesh.call.SimpleRequestHead;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of the request file.
 *
 * @param id as text, null when the line has none
 * @param random the draw, -1 when the line has none
 */
record RequestLine(@Nullable String id, SimpleRequestHead head, long random) {
    private static final long DRAWS = 1L << 32;
    private static final String NOT_AN_OBJECT =
            "the line is not one JSON object such as {\"method\":\"GET\",\"url\":\"http://reviews:9080/\"}";

    /** Thrown for a line that cannot be read; knows the id where that could be read. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;
        private final @Nullable String id;

        Unreadable(@Nullable String id, String message) {
            super(message);
            this.id = id;
        }

        @Nullable
        String id() {
            return id;
        }
    }

    static RequestLine read(String line) throws Unreadable {
        JsonObject object;
        try {
            JsonReader reader = new JsonReader(new StringReader(line));
            reader.setStrictness(Strictness.STRICT);
            JsonElement element = JsonParser.parseReader(reader);
            if (!element.isJsonObject() || reader.peek() != JsonToken.END_DOCUMENT) {
                throw new Unreadable(null, NOT_AN_OBJECT);
            }
            object = element.getAsJsonObject();
        } catch (JsonParseException | IOException | StackOverflowError e) {
            throw new Unreadable(null, NOT_AN_OBJECT);
        }
        JsonElement idElement = object.get("id");
        String id = idElement == null || idElement.isJsonNull()
                ? null
                : idElement.isJsonPrimitive() ? idElement.getAsString() : idElement.toString();
        try {
            return new RequestLine(
                    id,
                    SimpleRequestHead.of(text(object, "method", "GET"), text(object, "url", ""), headers(object)),
                    random(object));
        } catch (IllegalArgumentException e) {
            throw new Unreadable(id, String.valueOf(e.getMessage()));
        }
    }

    private static String text(JsonObject object, String key, String otherwise) {
        JsonElement element = object.get(key);
        if (element == null || element.isJsonNull()) {
            return otherwise;
        }
        if (!isText(element)) {
            throw new IllegalArgumentException(key + " is not a string");
        }
        return element.getAsString();
    }

    private static boolean isText(JsonElement element) {
        return element.isJsonPrimitive() && element.getAsJsonPrimitive().isString();
    }

    private static Map<String, List<String>> headers(JsonObject object) {
        JsonElement element = object.get("headers");
        Map<String, List<String>> headers = new LinkedHashMap<>();
        if (element == null || element.isJsonNull()) {
            return headers;
        }
        if (!element.isJsonObject()) {
            throw new IllegalArgumentException("headers is not an object of name: value or [values]");
        }
        for (Map.Entry<String, JsonElement> header : element.getAsJsonObject().entrySet()) {
            List<String> values = headers.computeIfAbsent(header.getKey(), name -> new ArrayList<>());
            Iterable<JsonElement> elements =
                    header.getValue().isJsonArray() ? header.getValue().getAsJsonArray() : List.of(header.getValue());
            for (JsonElement value : elements) {
                if (!isText(value)) {
                    throw new IllegalArgumentException(
                            "headers." + header.getKey() + " is neither a string nor a list of strings");
                }
                values.add(value.getAsString());
            }
        }
        return headers;
    }

    private static long random(JsonObject object) {
        JsonElement element = object.get("random");
        if (element == null || element.isJsonNull()) {
            return -1;
        }
        try {
            long random = element.getAsBigDecimal().longValueExact();
            if (random >= 0 && random < DRAWS) {
                return random;
            }
        } catch (ArithmeticException
                | NumberFormatException
                | IllegalStateException
                | UnsupportedOperationException e) {
            throw new IllegalArgumentException("random is not a whole number from 0 to 4294967295", e);
        }
        throw new IllegalArgumentException("random is not a whole number from 0 to 4294967295");
    }
}
