package io.inmesh.internal.istio;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tries texts with the regular expressions of one object, each compiled once, until a bound on the work: rules are read on
 * the thread that keeps a running mesh up to date. Not thread-safe.
 */
final class RegexTrials {
    /** Larger expressions are not run here. */
    private static final long LARGEST_REGEX = 10_000;

    /** Instructions by characters; about a second where all of them are alive all the time. */
    static final long MOST_WORK = 10_000_000;

    private final Map<String, Expression> expressions = new HashMap<>();
    private long work;

    /**
     * An expression.
     *
     * @param beginning what all texts that it matches begin with
     * @param pattern null where it is not run
     */
    private record Expression(
            String beginning, long size, @Nullable Pattern pattern) {}

    /** Whether the expression of a condition matches a whole text; false, too, where that would take too long to tell. */
    boolean matches(TextCondition condition, String text) {
        Expression expression = expressions.get(condition.value());
        if (expression == null) {
            expression = compiled(condition);
            expressions.put(condition.value(), expression);
        }
        Pattern pattern = expression.pattern();
        if (pattern == null || !text.startsWith(expression.beginning())) {
            return false;
        }
        return spend(expression.size() * (text.length() + 1L)) && pattern.matches(text);
    }

    private Expression compiled(TextCondition condition) {
        long size = RegexSize.of(condition.value());
        Pattern pattern = null;
        if (size >= 0 && size <= LARGEST_REGEX && spend(size)) {
            try {
                pattern = Pattern.compile(condition.value());
            } catch (PatternSyntaxException e) {
                // The rules have said so.
            }
        }
        return new Expression(condition.beginning(), size, pattern);
    }

    private boolean spend(long more) {
        work += more;
        return work <= MOST_WORK;
    }
}
