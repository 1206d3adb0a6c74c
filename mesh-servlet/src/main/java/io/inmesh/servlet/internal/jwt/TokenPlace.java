package io.inmesh.servlet.internal.jwt;

import io.inmesh.call.HeaderField;
import io.inmesh.call.RequestHead;
import io.inmesh.model.JwtRule;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A place of a request in which tokens stand. */
sealed interface TokenPlace {
    /** What stands there: nothing, one token, or more than one, which is never right. */
    List<String> find(RequestHead head);

    /** Takes away what stands there. */
    void remove(RequestEdit edit);

    /** The places of a rule; those of all tokens when it names none. */
    static List<TokenPlace> of(JwtRule rule) {
        List<TokenPlace> places = new ArrayList<>();
        rule.fromHeaders().forEach(header -> places.add(new Header(header.name(), header.prefix())));
        rule.fromParams().forEach(name -> places.add(new Parameter(name)));
        rule.fromCookies().forEach(name -> places.add(new Cookie(name)));
        return places.isEmpty()
                ? List.of(new Header("authorization", "Bearer "), new Parameter("access_token"))
                : places;
    }

    /** In a header, behind a prefix. */
    record Header(String name, String prefix) implements TokenPlace {
        public Header {
            // So that one header is one place, however rules spell it.
            name = name.toLowerCase(Locale.ROOT);
        }

        @Override
        public List<String> find(RequestHead head) {
            int lines = 0;
            String found = null;
            for (int i = 0; i < head.headerCount(); i++) {
                if (head.headerName(i).equalsIgnoreCase(name)) {
                    lines++;
                    String token = behindPrefix(head.headerValue(i));
                    found = token == null ? found : token;
                }
            }
            // Of several lines another one may count for whoever is behind, even if there is no token on it.
            return found == null ? List.of() : lines == 1 ? List.of(found) : List.of(found, found);
        }

        private @Nullable String behindPrefix(String value) {
            int start = value.indexOf(prefix);
            String token =
                    start < 0 ? "" : value.substring(start + prefix.length()).strip();
            return token.isEmpty() ? null : token;
        }

        @Override
        public void remove(RequestEdit edit) {
            edit.removeHeader(name);
        }
    }

    /** In a parameter of the query. */
    record Parameter(String name) implements TokenPlace {
        @Override
        public List<String> find(RequestHead head) {
            List<String> found = new ArrayList<>(1);
            for (String part : parts(head.pathAndQuery())) {
                int equals = part.indexOf('=');
                if (equals >= 0 && isNamed(part, equals)) {
                    String token = decoded(part.substring(equals + 1));
                    if (!token.isEmpty()) {
                        found.add(token);
                    }
                }
            }
            return found;
        }

        @Override
        public void remove(RequestEdit edit) {
            String pathAndQuery = edit.pathAndQuery();
            StringBuilder kept = new StringBuilder(pathAndQuery.substring(0, queryMark(pathAndQuery)));
            char before = '?';
            for (String part : parts(pathAndQuery)) {
                int equals = part.indexOf('=');
                if (!isNamed(part, equals < 0 ? part.length() : equals)) {
                    kept.append(before).append(part);
                    before = '&';
                }
            }
            edit.pathAndQuery(kept.toString());
        }

        private boolean isNamed(String part, int end) {
            return decoded(part.substring(0, end)).equals(name);
        }

        private static List<String> parts(String pathAndQuery) {
            int mark = queryMark(pathAndQuery);
            return mark == pathAndQuery.length()
                    ? List.of()
                    : List.of(pathAndQuery.substring(mark + 1).split("&", -1));
        }

        private static int queryMark(String pathAndQuery) {
            int mark = pathAndQuery.indexOf('?');
            return mark < 0 ? pathAndQuery.length() : mark;
        }

        private static String decoded(String text) {
            try {
                return text.indexOf('%') < 0 && text.indexOf('+') < 0
                        ? text
                        : URLDecoder.decode(text, StandardCharsets.UTF_8);
            } catch (IllegalArgumentException noEscape) {
                return text;
            }
        }
    }

    /** In a cookie. */
    record Cookie(String name) implements TokenPlace {
        @Override
        public List<String> find(RequestHead head) {
            List<String> found = new ArrayList<>(1);
            for (int i = 0; i < head.headerCount(); i++) {
                if (head.headerName(i).equalsIgnoreCase("cookie")) {
                    for (String cookie : head.headerValue(i).split(";", -1)) {
                        String token = isNamed(cookie) ? value(cookie) : "";
                        if (!token.isEmpty()) {
                            found.add(token);
                        }
                    }
                }
            }
            return found;
        }

        @Override
        public void remove(RequestEdit edit) {
            List<String> kept = new ArrayList<>();
            for (HeaderField field : edit.headers()) {
                if (field.name().equalsIgnoreCase("cookie")) {
                    for (String cookie : field.value().split(";", -1)) {
                        if (!isNamed(cookie) && !cookie.isBlank()) {
                            kept.add(cookie.strip());
                        }
                    }
                }
            }
            edit.removeHeader("cookie");
            if (!kept.isEmpty()) {
                edit.addHeader("Cookie", String.join("; ", kept));
            }
        }

        private boolean isNamed(String cookie) {
            int equals = cookie.indexOf('=');
            return equals >= 0 && cookie.substring(0, equals).strip().equals(name);
        }

        private static String value(String cookie) {
            String value = cookie.substring(cookie.indexOf('=') + 1).strip();
            boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
            return quoted ? value.substring(1, value.length() - 1) : value;
        }
    }
}
