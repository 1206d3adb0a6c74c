package io.inmesh.internal.route;

import io.inmesh.call.RequestHead;
import io.inmesh.model.PathNormalization;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Conditions on headers, claims, query parameters and pseudo-headers. Immutable and free of allocation but for regexes. */
sealed interface FieldMatcher
        permits FieldMatcher.Header,
                FieldMatcher.WithoutHeader,
                FieldMatcher.Query,
                FieldMatcher.Not,
                FieldMatcher.Pseudo,
                ClaimMatcher {
    /** Whether the request satisfies the condition. */
    boolean matches(RequestHead head, String pathAndQuery);

    /** A condition on a header; pseudo-headers, and Host as one of them, are read from where the request has them. */
    static FieldMatcher header(String name, StringMatcher value) {
        ClaimMatcher claim = ClaimMatcher.of(name, value);
        if (claim != null) {
            return claim;
        }
        Pseudo.Part part = Pseudo.Part.of(name);
        return part == null ? new Header(name, value) : new Pseudo(part, value);
    }

    /** The opposite of {@link #header}, but for a missing header. */
    static FieldMatcher withoutHeader(String name, StringMatcher value) {
        ClaimMatcher claim = ClaimMatcher.of(name, value);
        if (claim != null) {
            return new Not(claim);
        }
        Pseudo.Part part = Pseudo.Part.of(name);
        return part == null ? new WithoutHeader(name, value) : new Not(new Pseudo(part, value));
    }

    /** Some line of the name satisfies the condition (Envoy 1.40 looks at each value by itself). */
    record Header(String name, StringMatcher value) implements FieldMatcher {
        @Override
        public boolean matches(RequestHead head, String pathAndQuery) {
            for (int i = 0; i < head.headerCount(); i++) {
                if (name.equalsIgnoreCase(head.headerName(i)) && value.matches(head.headerValue(i))) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public String toString() {
            return "header " + name + " " + value;
        }
    }

    /** No line of the name satisfies the condition; a missing header counts as an empty one. */
    record WithoutHeader(String name, StringMatcher value) implements FieldMatcher {
        @Override
        public boolean matches(RequestHead head, String pathAndQuery) {
            boolean present = false;
            for (int i = 0; i < head.headerCount(); i++) {
                if (name.equalsIgnoreCase(head.headerName(i))) {
                    if (value.matches(head.headerValue(i))) {
                        return false;
                    }
                    present = true;
                }
            }
            return present || value == StringMatcher.Any.INSTANCE || !value.matches("");
        }

        @Override
        public String toString() {
            return "without header " + name + " " + value;
        }
    }

    /** The first parameter of the name satisfies the condition, not decoded. */
    record Query(String name, StringMatcher value) implements FieldMatcher {
        @Override
        public boolean matches(RequestHead head, String pathAndQuery) {
            int start = PathNormalization.pathEnd(pathAndQuery) + 1;
            while (start <= pathAndQuery.length()) {
                int ampersand = pathAndQuery.indexOf('&', start);
                int stop = ampersand < 0 ? pathAndQuery.length() : ampersand;
                int nameEnd = start + name.length();
                if (nameEnd <= stop
                        && pathAndQuery.startsWith(name, start)
                        && (nameEnd == stop || pathAndQuery.charAt(nameEnd) == '=')) {
                    return value == StringMatcher.Any.INSTANCE
                            || value.matches(nameEnd == stop ? "" : pathAndQuery.substring(nameEnd + 1, stop));
                }
                start = stop + 1;
            }
            return false;
        }

        @Override
        public String toString() {
            return "query parameter " + name + " " + value;
        }
    }

    /** The condition does not hold. */
    record Not(FieldMatcher condition) implements FieldMatcher {
        @Override
        public boolean matches(RequestHead head, String pathAndQuery) {
            return !condition.matches(head, pathAndQuery);
        }

        @Override
        public String toString() {
            return "without " + condition;
        }
    }

    /** Method, scheme, authority, or path with query. */
    record Pseudo(Part part, StringMatcher value) implements FieldMatcher {
        enum Part {
            METHOD,
            SCHEME,
            AUTHORITY,
            PATH;

            /** The part that Envoy has under a header's name, null for an ordinary header. */
            static @Nullable Part of(String header) {
                return switch (header.toLowerCase(Locale.ROOT)) {
                    case ":method" -> METHOD;
                    case ":scheme" -> SCHEME;
                    case ":authority", "host" -> AUTHORITY;
                    case ":path" -> PATH;
                    default -> null;
                };
            }
        }

        @Override
        public boolean matches(RequestHead head, String pathAndQuery) {
            return value.matches(
                    switch (part) {
                        case METHOD -> head.method();
                        case SCHEME -> head.scheme();
                        case AUTHORITY -> head.authority();
                        case PATH -> pathAndQuery;
                    });
        }

        @Override
        public String toString() {
            return part.name().toLowerCase(Locale.ROOT) + " " + value;
        }
    }
}
