package io.inmesh.config;

import io.inmesh.config.Message.Value;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Header names and values (Istio: validation.go and header_value_validator.go). */
final class HeaderRules {
    private static final String CLAIM_PREFIX = "@request.auth.claims";
    private static final Set<String> PSEUDO_HEADERS = Set.of(":method", ":scheme", ":authority", ":path", ":status");

    private final RuleChecks checks;

    HeaderRules(RuleChecks checks) {
        this.checks = checks;
    }

    /** Header edits of a route or destination. */
    void edits(@Nullable Message headers) {
        if (headers == null) {
            return;
        }
        Message request = headers.message("request");
        if (request != null) {
            editedRequestHeaders(request.map("add"));
            editedRequestHeaders(request.map("set"));
            request.list("remove").forEach(this::otherHeader);
        }
        Message response = headers.message("response");
        if (response != null) {
            editedResponseHeaders(response.map("add"));
            editedResponseHeaders(response.map("set"));
            response.list("remove").forEach(this::otherHeader);
        }
    }

    /** Whether a match names a claim of a token instead of a header. */
    static boolean isClaim(String name) {
        if (!name.toLowerCase(Locale.ROOT).startsWith(CLAIM_PREFIX)) {
            return false;
        }
        String rest = name.substring(CLAIM_PREFIX.length());
        boolean dotted = rest.startsWith(".") && rest.length() > 1;
        return dotted || (rest.startsWith("[") && rest.endsWith("]") && rest.length() > 2);
    }

    /** Letters, digits, dash and underscore. */
    static boolean isHeaderName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '_') {
                return false;
            }
        }
        return !name.isEmpty();
    }

    /** Whether a match names one of HTTP/2's pseudo-headers, which are in lower case. */
    static boolean isPseudoHeader(String name) {
        return PSEUDO_HEADERS.contains(name);
    }

    static boolean isAuthority(String name) {
        return name.equalsIgnoreCase(":authority") || name.equalsIgnoreCase("host");
    }

    private void editedRequestHeaders(Map<String, Value> headers) {
        headers.forEach((name, value) -> {
            if (name.isEmpty()) {
                emptyName(value.place());
            } else if (name.startsWith(":") && !isAuthority(name)) {
                pseudoHeader(name, value.place());
            }
            value(value);
        });
    }

    private void editedResponseHeaders(Map<String, Value> headers) {
        headers.forEach((name, value) -> {
            otherName(name, value.place());
            value(value);
        });
    }

    private void otherHeader(Value name) {
        otherName(name.string(), name.place());
    }

    private void otherName(String name, Place place) {
        if (name.isEmpty()) {
            emptyName(place);
        } else if (name.equalsIgnoreCase("host")) {
            checks.error(
                    place,
                    "the Host header cannot be removed, nor be set on a response",
                    "use rewrite.authority to change what the backend sees");
        } else if (name.startsWith(":")) {
            pseudoHeader(name, place);
        }
    }

    private void emptyName(Place place) {
        checks.error(place, "a header name must not be empty", "write the header's name");
    }

    private void pseudoHeader(String name, Place place) {
        checks.error(
                place,
                "the header " + Words.quote(name) + " cannot be edited: names must not begin with \":\"",
                "use rewrite for path and authority");
    }

    private void value(Value value) {
        String text = value.string();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                checks.error(value.place(), "a header value must not contain control characters", "remove line breaks");
                return;
            }
        }
        String problem = variableProblem(text);
        if (problem != null) {
            checks.error(value.place(), problem, "write %% for a percent sign, or %NAME% for one of Envoy's values");
        }
    }

    /** Grammar of Envoy's {@code %NAME%}, {@code %NAME(text)%} and {@code %NAME(["a", "b"])%}. */
    private static @Nullable String variableProblem(String text) {
        int at = 0;
        while ((at = text.indexOf('%', at)) >= 0) {
            if (at + 1 == text.length()) {
                return "the value ends in a single %";
            }
            at = text.charAt(at + 1) == '%' ? at + 2 : endOfVariable(text, at + 1);
            if (at < 0) {
                return "the value has a % that begins no complete %NAME%";
            }
        }
        return null;
    }

    /** Index after the closing percent sign, -1 when there is none. */
    private static int endOfVariable(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) != '%' && text.charAt(at) != '(') {
            at++;
        }
        if (at == text.length()) {
            return -1;
        }
        if (text.charAt(at) == '%') {
            return at + 1;
        }
        at = endOfArguments(text, at + 1);
        if (at < 0) {
            return -1;
        }
        at = skipSpaces(text, at);
        return at < text.length() && text.charAt(at) == '%' ? at + 1 : -1;
    }

    /** Index after the closing parenthesis, -1 when there is none. */
    private static int endOfArguments(String text, int from) {
        int at = skipSpaces(text, from);
        if (at == text.length()) {
            return -1;
        }
        boolean inString = text.charAt(at) != '[';
        at++;
        while (true) {
            if (!inString) {
                at = skipSpaces(text, at);
                if (at == text.length() || text.charAt(at) != '"') {
                    return -1;
                }
                at++;
            }
            inString = false;
            StringEnd end = endOfString(text, at);
            if (end.next < 0 || end.parenthesis) {
                return end.next;
            }
            at = skipSpaces(text, end.next);
            if (at == text.length()) {
                return -1;
            }
            char c = text.charAt(at);
            at++;
            if (c == ']') {
                at = skipSpaces(text, at);
                return at < text.length() && text.charAt(at) == ')' ? at + 1 : -1;
            }
            if (c != ',') {
                return -1;
            }
        }
    }

    private record StringEnd(int next, boolean parenthesis) {}

    /** Envoy ends an argument at a quote or at a closing parenthesis, whichever comes first. */
    private static StringEnd endOfString(String text, int from) {
        int at = from;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\\') {
                at++;
            } else if (c == ')') {
                return new StringEnd(at + 1, true);
            } else if (c == '"') {
                return new StringEnd(at + 1, false);
            }
            at++;
        }
        return new StringEnd(-1, false);
    }

    private static int skipSpaces(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        return at;
    }
}
