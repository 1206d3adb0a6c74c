package io.inmesh.kubernetes.internal.resource;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Typed access to one object in a stream of JSON. Every method consumes the value on whose first token the stream stands,
 * whatever it is: null counts as absent, a wrong type is noted with its path and skipped.
 */
final class JsonCursor {
    /** Longest text that is kept: Kubernetes' limit for all annotations of an object. Names and labels are far shorter. */
    private static final int LONGEST_TEXT = 1 << 18;

    private static final int MOST_PROBLEMS = 5;
    private static final int LONGEST_PATH = 200;

    private final JsonParser json;
    private final SharedValues shared;
    private final JsonStreamContext around;
    private List<String> problems = List.of();

    JsonCursor(JsonParser json, SharedValues shared) {
        this.json = json;
        this.shared = shared;
        this.around = place(json);
    }

    /** Reads the value of one field. */
    @FunctionalInterface
    interface Field {
        void read(String name) throws IOException;
    }

    /** Reads one value. */
    @FunctionalInterface
    interface Value {
        void read() throws IOException;
    }

    /** Reads the fields of a map; the given reader must consume each value. */
    void object(Field field) throws IOException {
        if (!at(JsonToken.START_OBJECT, "a map")) {
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            field.read(name);
        }
    }

    /** Reads the items of a list; the given reader must consume each. */
    void list(Value item) throws IOException {
        if (!at(JsonToken.START_ARRAY, "a list")) {
            return;
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            item.read();
        }
    }

    /** A text that hardly repeats, empty when absent. */
    String text() throws IOException {
        return text(LONGEST_TEXT);
    }

    /** A text of a bounded length, empty when absent. */
    String text(int longest) throws IOException {
        if (!at(JsonToken.VALUE_STRING, "a string")) {
            return "";
        }
        String text = json.getText();
        return isShort(text.length(), longest) ? text : "";
    }

    /** A text that many objects have in common, empty when absent. */
    String sharedText() throws IOException {
        if (!at(JsonToken.VALUE_STRING, "a string")) {
            return "";
        }
        char[] characters = json.getTextCharacters();
        int length = json.getTextLength();
        return isShort(length, LONGEST_TEXT) ? shared.text(characters, json.getTextOffset(), length) : "";
    }

    private boolean isShort(int length, int longest) {
        if (length > longest) {
            complain("has " + length + " characters, more than " + longest);
            return false;
        }
        return true;
    }

    /** A text that many objects have in common, or another one when absent. */
    String sharedTextOr(String absent) throws IOException {
        String text = sharedText();
        return text.isEmpty() ? absent : text;
    }

    /** A number as it is written; to be asked for only where the stream stands on one. */
    String literal() throws IOException {
        return json.getText();
    }

    /** A whole number from 0 to a largest one, or 0 when absent. */
    int number(int largest) throws IOException {
        boolean whole = json.currentToken() != JsonToken.VALUE_NUMBER_FLOAT;
        if (whole && !at(JsonToken.VALUE_NUMBER_INT, "a number")) {
            return 0;
        }
        if (whole && json.getNumberType() == JsonParser.NumberType.INT) {
            int number = json.getIntValue();
            if (number >= 0 && number <= largest) {
                return number;
            }
        }
        complain("is not a whole number from 0 to " + largest);
        return 0;
    }

    /** A boolean, null when absent. */
    @Nullable
    Boolean bool() throws IOException {
        boolean yes = json.currentToken() == JsonToken.VALUE_TRUE;
        return yes || at(JsonToken.VALUE_FALSE, "a boolean") ? Boolean.valueOf(yes) : null;
    }

    /** A time as it is written, null when absent or not a text. */
    @Nullable
    String time() throws IOException {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            return sharedText();
        }
        json.skipChildren();
        return null;
    }

    /** A list of texts. */
    List<String> texts() throws IOException {
        List<String> texts = new ArrayList<>(2);
        list(() -> {
            String text = sharedText();
            if (!text.isEmpty()) {
                texts.add(text);
            }
        });
        return share(List.copyOf(texts));
    }

    /** The token on which the stream stands. */
    JsonToken at() {
        return json.currentToken();
    }

    /** Passes over a value. */
    void skip() throws IOException {
        json.skipChildren();
    }

    /** An equal text, perhaps one read before. */
    String shareText(String text) {
        return shared.text(text);
    }

    /** An equal value, perhaps one read before. */
    <T> T share(T value) {
        return shared.value(value);
    }

    /** Notes that the value on which the stream stands makes no sense. */
    void complain(String what) {
        if (problems.isEmpty()) {
            problems = new ArrayList<>(1);
        }
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(path() + " " + what);
        }
    }

    /**
     * Reads a part whose problems are its own.
     *
     * @return the problems, empty when the part is good
     */
    List<String> apart(Value part) throws IOException {
        List<String> outer = problems;
        problems = List.of();
        part.read();
        List<String> own = problems;
        problems = outer;
        return own;
    }

    /** What made no sense, each with its path inside the object. */
    List<String> problems() {
        return problems;
    }

    private boolean at(JsonToken wanted, String words) throws IOException {
        JsonToken found = json.currentToken();
        if (found == wanted) {
            return true;
        }
        if (found != JsonToken.VALUE_NULL) {
            complain("is not " + words);
        }
        json.skipChildren();
        return false;
    }

    /** From the object to the value on which the stream stands. */
    private String path() {
        StringBuilder path = new StringBuilder();
        for (JsonStreamContext at = place(json); at != null && at != around; at = at.getParent()) {
            path.insert(0, at.inArray() ? "[" + at.getCurrentIndex() + "]" : "." + at.getCurrentName());
        }
        if (path.isEmpty()) {
            return "the object";
        }
        return path.length() > LONGEST_PATH + 1 ? path.substring(1, LONGEST_PATH + 1) + "..." : path.substring(1);
    }

    /** What the value on which the stream stands is a part of. */
    private static JsonStreamContext place(JsonParser json) {
        JsonStreamContext inside = json.getParsingContext();
        return json.currentToken() != null && json.currentToken().isStructStart() ? inside.getParent() : inside;
    }
}
