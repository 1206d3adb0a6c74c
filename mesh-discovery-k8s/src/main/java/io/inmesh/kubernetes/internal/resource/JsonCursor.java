package io.inmesh.kubernetes.internal.resource;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Typed access to one object in a stream of JSON. Every method consumes the value at which the stream stands, whatever
 * it is: null counts as absent, a wrong type is noted with its path and skipped.
 */
final class JsonCursor {
    /** Longest text that is kept: Kubernetes' limit for all annotations of an object. Names and labels are far shorter. */
    private static final int LONGEST_TEXT = 1 << 18;

    private static final int MOST_PROBLEMS = 5;
    private static final int LONGEST_PATH = 200;

    private final JsonReader json;
    private final SharedValues shared;
    private final int pathOfObject;
    private List<String> problems = List.of();

    JsonCursor(JsonReader json, SharedValues shared) {
        this.json = json;
        this.shared = shared;
        this.pathOfObject = json.getPath().length();
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
        if (!at(JsonToken.BEGIN_OBJECT, "a map")) {
            return;
        }
        json.beginObject();
        while (json.hasNext()) {
            field.read(json.nextName());
        }
        json.endObject();
    }

    /** Reads the items of a list; the given reader must consume each. */
    void list(Value item) throws IOException {
        if (!at(JsonToken.BEGIN_ARRAY, "a list")) {
            return;
        }
        json.beginArray();
        while (json.hasNext()) {
            item.read();
        }
        json.endArray();
    }

    /** A text that hardly repeats, empty when absent. */
    String text() throws IOException {
        return text(LONGEST_TEXT);
    }

    /** A text of a bounded length, empty when absent. */
    String text(int longest) throws IOException {
        if (!at(JsonToken.STRING, "a string")) {
            return "";
        }
        String text = json.nextString();
        if (text.length() > longest) {
            complain(json.getPreviousPath(), "has " + text.length() + " characters, more than " + longest);
            return "";
        }
        return text;
    }

    /** A text that many objects have in common, empty when absent. */
    String sharedText() throws IOException {
        return shared.text(text());
    }

    /** A text that many objects have in common, or another one when absent. */
    String sharedTextOr(String absent) throws IOException {
        String text = sharedText();
        return text.isEmpty() ? absent : text;
    }

    /** A number as it is written; to be asked for only where one comes next. */
    String literal() throws IOException {
        return json.nextString();
    }

    /** A whole number from 0 to a largest one, or 0 when absent. */
    int number(int largest) throws IOException {
        if (!at(JsonToken.NUMBER, "a number")) {
            return 0;
        }
        String literal = json.nextString();
        try {
            int number = Integer.parseInt(literal);
            if (number >= 0 && number <= largest) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below, as of a number out of range
        }
        complain(json.getPreviousPath(), "is not a whole number from 0 to " + largest);
        return 0;
    }

    /** A boolean, null when absent. */
    @Nullable
    Boolean bool() throws IOException {
        return at(JsonToken.BOOLEAN, "a boolean") ? Boolean.valueOf(json.nextBoolean()) : null;
    }

    /** A time, null when absent or not to be read as one: none decides where a call goes. */
    @Nullable
    Instant time() throws IOException {
        if (json.peek() != JsonToken.STRING) {
            json.skipValue();
            return null;
        }
        try {
            return Instant.parse(json.nextString());
        } catch (DateTimeParseException e) {
            return null;
        }
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

    /** What comes next. */
    JsonToken peek() throws IOException {
        return json.peek();
    }

    /** Passes over a value. */
    void skip() throws IOException {
        json.skipValue();
    }

    /** An equal text, perhaps one read before. */
    String shareText(String text) {
        return shared.text(text);
    }

    /** An equal value, perhaps one read before. */
    <T> T share(T value) {
        return shared.value(value);
    }

    /** Notes that the value at which the stream stands makes no sense. */
    void complain(String what) {
        complain(json.getPath(), what);
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
        JsonToken found = json.peek();
        if (found == wanted) {
            return true;
        }
        if (found != JsonToken.NULL) {
            complain("is not " + words);
        }
        json.skipValue();
        return false;
    }

    private void complain(String path, String what) {
        if (problems.isEmpty()) {
            problems = new ArrayList<>(1);
        }
        if (problems.size() < MOST_PROBLEMS) {
            String inside = path.length() > pathOfObject + 1 ? path.substring(pathOfObject + 1) : "the object";
            String shown = inside.length() > LONGEST_PATH ? inside.substring(0, LONGEST_PATH) + "..." : inside;
            problems.add(shown + " " + what);
        }
    }
}
