package io.inmesh.internal.istio;

import io.inmesh.internal.text.Message;
import io.inmesh.internal.text.Message.Value;
import io.inmesh.internal.text.MessageText;
import io.inmesh.internal.text.Place;
import io.inmesh.model.HeaderFormat;
import io.inmesh.model.HeaderFormat.Command;
import io.inmesh.model.HeaderFormatException;
import io.inmesh.model.HeaderName;
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
            sendable(name, value.place());
            value(value);
        });
    }

    private void editedResponseHeaders(Map<String, Value> headers) {
        headers.forEach((name, value) -> {
            otherName(name, value.place());
            sendable(name, value.place());
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

    /** Istio takes any other name too; nothing that speaks HTTP does. */
    private void sendable(String name, Place place) {
        if (!name.isEmpty() && !name.startsWith(":") && !HeaderName.isValid(name)) {
            checks.warning(
                    place,
                    MessageText.quote(name) + " is not a header name, so it is left out",
                    "use " + HeaderName.CHARACTERS);
        }
    }

    private void emptyName(Place place) {
        checks.error(place, "a header name must not be empty", "write the header's name");
    }

    private void pseudoHeader(String name, Place place) {
        checks.error(
                place,
                "the header " + MessageText.quote(name) + " cannot be edited: names must not begin with \":\"",
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
        try {
            HeaderFormat format = HeaderFormat.parse(text);
            boolean limited = format.parts().stream()
                    .anyMatch(part -> part instanceof Command command && command.limit() < Integer.MAX_VALUE);
            if (limited) {
                checks.error(
                        value.place(),
                        "Istio's validation takes no length (\":number\") behind the parentheses",
                        "remove the length");
            }
        } catch (HeaderFormatException e) {
            checks.error(
                    value.place(),
                    e.getMessage() + " (at character " + (e.position() + 1) + ")",
                    "write %% for a percent sign, or %NAME% for one of Envoy's commands");
        }
    }
}
