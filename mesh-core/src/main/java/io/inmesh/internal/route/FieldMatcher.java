package io.inmesh.internal.route;

import io.inmesh.call.RequestHead;

/** Conditions on headers, query parameters and pseudo-headers. Immutable and free of allocation but for regexes. */
sealed interface FieldMatcher {
    /** Whether the request satisfies the condition. */
    boolean matches(RequestHead head, String pathAndQuery);

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
            int start = CanonicalPath.end(pathAndQuery) + 1;
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

    /** Method, scheme or authority. */
    record Pseudo(Part part, StringMatcher value) implements FieldMatcher {
        enum Part {
            METHOD,
            SCHEME,
            AUTHORITY
        }

        @Override
        public boolean matches(RequestHead head, String pathAndQuery) {
            return value.matches(
                    switch (part) {
                        case METHOD -> head.method();
                        case SCHEME -> head.scheme();
                        case AUTHORITY -> head.authority();
                    });
        }

        @Override
        public String toString() {
            return part.name().toLowerCase(java.util.Locale.ROOT) + " " + value;
        }
    }
}
