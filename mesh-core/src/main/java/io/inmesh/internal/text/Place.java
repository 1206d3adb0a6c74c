package io.inmesh.internal.text;

import io.inmesh.model.Origin;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Where a value stands: field path and origin. The path is a chain, turned into text only for a problem. */
public final class Place {
    private static final int LONGEST_STEP = 60;
    private static final String PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

    private final @Nullable Place parent;
    private final String step;
    private final String source;
    private final int line;
    private final int column;
    private final boolean missing;

    private Place(@Nullable Place parent, String step, String source, int line, int column, boolean missing) {
        this.parent = parent;
        this.step = step;
        this.source = source;
        this.line = line;
        this.column = column;
        this.missing = missing;
    }

    /** The document as a whole. */
    public static Place root(String source, int line, int column) {
        return new Place(null, "", source, line, column, false);
    }

    public Place field(String name, int childLine, int childColumn) {
        return new Place(this, step(name), source, childLine, childColumn, false);
    }

    public Place item(int index, int childLine, int childColumn) {
        return new Place(this, "[" + index + "]", source, childLine, childColumn, false);
    }

    /** A field that was not written: it is missing where its parent stands. */
    public Place missing(String name) {
        return new Place(this, step(name), source, line, column, true);
    }

    /** Another field of the same map, told where the map stands. */
    public Place beside(String name) {
        return parent == null ? missing(name) : parent.missing(name);
    }

    /** The place above, null at the top. */
    @Nullable
    Place parent() {
        return parent;
    }

    /** Whether nothing is written here. */
    boolean isMissing() {
        return missing;
    }

    public Origin origin() {
        return new Origin(source, line, column);
    }

    public String path() {
        Deque<String> steps = new ArrayDeque<>();
        for (Place at = this; at != null; at = at.parent) {
            steps.addFirst(at.step);
        }
        String path = String.join("", steps);
        return path.startsWith(".") ? path.substring(1) : path;
    }

    private static String step(String name) {
        return isPlain(name) ? "." + name : "[" + MessageText.quote(name) + "]";
    }

    private static boolean isPlain(String name) {
        if (name.isEmpty() || name.length() > LONGEST_STEP) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (PLAIN.indexOf(name.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }
}
