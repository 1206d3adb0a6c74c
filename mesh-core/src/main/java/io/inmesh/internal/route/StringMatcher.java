package io.inmesh.internal.route;

import com.google.re2j.Pattern;
import io.inmesh.model.StringMatch;

/** A compiled condition on a string. Immutable; allocates only for regular expressions. */
sealed interface StringMatcher {
    /** Whether the whole value satisfies the condition. */
    boolean matches(String value);

    /** Compiles; the reader has checked the expression already. */
    static StringMatcher of(StringMatch match) {
        if (match instanceof StringMatch.Exact exact) {
            return new Exact(exact.value());
        }
        if (match instanceof StringMatch.Prefix prefix) {
            return new Prefix(prefix.value());
        }
        // Istio takes the expression "*" for "present", though RE2 would refuse it.
        if (match instanceof StringMatch.Regex regex && !regex.value().equals("*")) {
            return new Regex(Pattern.compile(regex.value()));
        }
        return Any.INSTANCE;
    }

    /** Equality. */
    record Exact(String value) implements StringMatcher {
        @Override
        public boolean matches(String candidate) {
            return candidate.equals(value);
        }

        @Override
        public String toString() {
            return "exact '" + value + "'";
        }
    }

    /** Plain string prefix. */
    record Prefix(String value) implements StringMatcher {
        @Override
        public boolean matches(String candidate) {
            return candidate.startsWith(value);
        }

        @Override
        public String toString() {
            return "prefix '" + value + "'";
        }
    }

    /** RE2, full match. */
    record Regex(Pattern pattern) implements StringMatcher {
        @Override
        public boolean matches(String candidate) {
            return pattern.matcher(candidate).matches();
        }

        @Override
        public String toString() {
            return "regex '" + pattern + "'";
        }
    }

    /** Presence. */
    enum Any implements StringMatcher {
        /** The only one. */
        INSTANCE;

        @Override
        public boolean matches(String candidate) {
            return true;
        }

        @Override
        public String toString() {
            return "present";
        }
    }
}
