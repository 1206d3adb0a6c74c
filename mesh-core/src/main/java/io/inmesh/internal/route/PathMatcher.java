package io.inmesh.internal.route;

import com.google.re2j.Pattern;
import io.inmesh.model.StringMatch;
import org.jspecify.annotations.Nullable;

/**
 * A compiled condition on the path, query excluded. A route without one matches the prefix {@code /}, as Envoy has it:
 * a prefix rewrite then replaces that slash.
 *
 * @param kind which comparison
 * @param value text to compare with
 * @param pattern only for {@link Kind#REGEX}
 * @param ignoreCase for exact and prefix
 */
public record PathMatcher(Kind kind, String value, @Nullable Pattern pattern, boolean ignoreCase) {
    enum Kind {
        EXACT,
        PREFIX,
        REGEX
    }

    static final PathMatcher EVERYTHING = new PathMatcher(Kind.PREFIX, "/", null, false);

    static PathMatcher of(@Nullable StringMatch match, boolean ignoreCase) {
        if (match instanceof StringMatch.Exact exact) {
            return new PathMatcher(Kind.EXACT, exact.value(), null, ignoreCase);
        }
        if (match instanceof StringMatch.Prefix prefix) {
            return new PathMatcher(Kind.PREFIX, prefix.value(), null, ignoreCase);
        }
        if (match instanceof StringMatch.Regex regex) {
            return new PathMatcher(Kind.REGEX, regex.value(), Pattern.compile(regex.value()), false);
        }
        return EVERYTHING;
    }

    boolean matches(String pathAndQuery, int end) {
        return switch (kind) {
            case EXACT -> value.length() == end && pathAndQuery.regionMatches(ignoreCase, 0, value, 0, end);
            case PREFIX -> value.length() <= end && pathAndQuery.regionMatches(ignoreCase, 0, value, 0, value.length());
            case REGEX ->
                pattern != null
                        && pattern.matcher(pathAndQuery.substring(0, end)).matches();
        };
    }

    /** How much of the path a prefix rewrite replaces. */
    int matchedLength(int end) {
        return kind == Kind.PREFIX ? value.length() : end;
    }

    /** Whether it compares with a text, character by character. */
    boolean isPlainText() {
        return kind != Kind.REGEX && !ignoreCase;
    }

    boolean isEverything() {
        return kind == Kind.PREFIX && value.equals("/");
    }

    boolean isEveryText() {
        return kind == Kind.REGEX && value.equals(".*");
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(java.util.Locale.ROOT) + " '" + value + "'"
                + (ignoreCase ? " ignoring case" : "");
    }
}
