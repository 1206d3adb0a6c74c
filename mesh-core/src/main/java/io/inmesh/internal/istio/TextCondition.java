package io.inmesh.internal.istio;

import io.inmesh.internal.text.Message;
import io.inmesh.internal.text.MessageText;
import org.jspecify.annotations.Nullable;

/**
 * A condition on a text, and which others it takes in. Immutable.
 *
 * @param value what the text is compared with, empty for {@link Kind#ANY}
 * @param ignoreCase for exact and prefix
 */
record TextCondition(Kind kind, String value, boolean ignoreCase) {
    /** Any text at all. */
    static final TextCondition ANY = new TextCondition(Kind.ANY, "", false);

    private static final String SPECIAL = "\\.+*?()|[]{}^$";

    enum Kind {
        ANY("any"),
        EXACT("exact"),
        PREFIX("prefix"),
        REGEX("regex");

        private final String field;

        Kind(String field) {
            this.field = field;
        }
    }

    static TextCondition of(@Nullable Message match) {
        return of(match, false);
    }

    /** A condition on a path, of which each begins with a slash. */
    static TextCondition ofPath(@Nullable Message match, boolean ignoreCase) {
        TextCondition condition = of(match, ignoreCase);
        boolean everything = switch (condition.kind) {
            case PREFIX -> condition.value.isEmpty() || condition.value.equals("/");
            case REGEX -> condition.value.equals(".*") || condition.value.equals("/.*");
            default -> false;
        };
        return everything ? ANY : condition;
    }

    private static TextCondition of(@Nullable Message match, boolean ignoreCase) {
        if (match == null || match.isEmpty()) {
            return ANY;
        }
        if (match.has("regex")) {
            return new TextCondition(Kind.REGEX, match.string("regex"), false);
        }
        Kind kind = match.has("prefix") ? Kind.PREFIX : Kind.EXACT;
        return new TextCondition(kind, match.string(kind.field), ignoreCase);
    }

    /** Whether each text for which the other one holds is one for which this one does; false where that is hard to tell. */
    boolean covers(TextCondition other, RegexTrials regexes) {
        if (equals(other)) {
            return true;
        }
        return switch (kind) {
            case ANY -> !other.value.isEmpty();
            case EXACT -> other.kind == Kind.EXACT && beginsWithThis(other) && other.value.length() == value.length();
            case PREFIX -> other.kind != Kind.ANY && beginsWithThis(other);
            case REGEX ->
                value.equals(".*") && other.kind != Kind.ANY
                        || other.kind == Kind.EXACT && !other.ignoreCase && regexes.matches(this, other.value);
        };
    }

    private boolean beginsWithThis(TextCondition other) {
        return (ignoreCase || !other.ignoreCase)
                && other.beginning().regionMatches(ignoreCase, 0, value, 0, value.length());
    }

    /** What all texts for which it holds begin with, as far as that is easy to tell. */
    String beginning() {
        if (kind != Kind.REGEX || value.indexOf('|') >= 0) {
            return kind == Kind.REGEX ? "" : value;
        }
        StringBuilder plain = new StringBuilder();
        int i = value.startsWith("^") ? 1 : 0;
        while (i < value.length()) {
            char c = value.charAt(i);
            boolean escaped = c == '\\' && i + 1 < value.length() && !Character.isLetterOrDigit(value.charAt(i + 1));
            if (!escaped && SPECIAL.indexOf(c) >= 0) {
                break;
            }
            int next = escaped ? i + 2 : i + 1;
            if (next < value.length() && "*?{".indexOf(value.charAt(next)) >= 0) {
                break;
            }
            plain.append(escaped ? value.charAt(i + 1) : c);
            i = next;
        }
        return plain.toString();
    }

    /** {@code prefix "/a"}. */
    String words() {
        return kind == Kind.ANY ? kind.field : kind.field + " " + MessageText.quote(value);
    }
}
