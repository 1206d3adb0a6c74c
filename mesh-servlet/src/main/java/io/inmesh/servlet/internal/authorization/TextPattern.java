package io.inmesh.servlet.internal.authorization;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** A text in a policy: exact, {@code prefix*}, {@code *suffix}, or {@code *} for any that is not empty. Immutable. */
record TextPattern(Form form, String text) {
    enum Form {
        EXACT,
        PREFIX,
        SUFFIX,
        PRESENT
    }

    static TextPattern of(String written) {
        if (written.equals("*")) {
            return new TextPattern(Form.PRESENT, "");
        }
        if (written.startsWith("*")) {
            return new TextPattern(Form.SUFFIX, written.substring(1));
        }
        if (written.endsWith("*")) {
            return new TextPattern(Form.PREFIX, written.substring(0, written.length() - 1));
        }
        return new TextPattern(Form.EXACT, written);
    }

    static List<TextPattern> of(List<String> written) {
        return written.stream().map(TextPattern::of).toList();
    }

    static List<TextPattern> inLowerCase(List<String> written) {
        return written.stream().map(text -> of(text.toLowerCase(Locale.ROOT))).toList();
    }

    /**
     * Those for values that came over the wire: containers hand them on with a character for each byte, or with the
     * characters that the bytes mean.
     */
    static List<TextPattern> ofWire(List<String> written) {
        List<TextPattern> patterns = new ArrayList<>();
        for (String text : written) {
            patterns.add(of(text));
            String bytes = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            if (!bytes.equals(text)) {
                patterns.add(of(bytes));
            }
        }
        return patterns;
    }

    TextPattern map(UnaryOperator<String> change) {
        return new TextPattern(form, change.apply(text));
    }

    boolean matches(String value) {
        return switch (form) {
            case EXACT -> value.equals(text);
            case PREFIX -> value.startsWith(text);
            case SUFFIX -> value.endsWith(text);
            case PRESENT -> !value.isEmpty();
        };
    }

    static boolean anyMatches(TextPattern[] patterns, String value) {
        for (TextPattern pattern : patterns) {
            if (pattern.matches(value)) {
                return true;
            }
        }
        return false;
    }
}
