package io.inmesh.internal.istio;

import io.inmesh.internal.text.KeySetText;
import io.inmesh.internal.text.Message;
import io.inmesh.internal.text.MessageText;
import io.inmesh.internal.text.Place;
import io.inmesh.model.HeaderName;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What Istio requires of a RequestAuthentication (pkg/config/validation: ValidateRequestAuthentication). */
final class RequestAuthenticationRules {
    private final RuleChecks checks;

    RequestAuthenticationRules(RuleChecks checks) {
        this.checks = checks;
    }

    void check(Message spec) {
        PolicyTargets.check(spec, checks);
        spec.messages("jwtRules").forEach(this::rule);
    }

    private void rule(Message rule) {
        if (rule.string("issuer").isEmpty() && rule.string("jwksUri").isEmpty()) {
            checks.error(
                    rule.place(), "the rule has neither issuer nor jwksUri", "add issuer, the value of the claim iss");
        }
        keys(rule);
        Stream.of("audiences", "fromParams", "fromCookies", "spaceDelimitedClaims")
                .flatMap(field -> rule.list(field).stream())
                .filter(value -> value.string().isEmpty())
                .forEach(value -> checks.error(value.place(), "this must not be empty", "write a name, or remove it"));
        for (Message header : rule.messages("fromHeaders")) {
            String name = header.string("name");
            if (name.isEmpty()) {
                checks.error(header.place("name"), "the header has no name", "write the header that has the token");
            } else if (!HeaderName.isValid(name)) {
                checks.warning(
                        header.place("name"),
                        MessageText.quote(name) + " is not a header name, so no token stands there",
                        "use " + HeaderName.CHARACTERS);
            }
        }
        outputs(rule);
        checks.duration(rule, "timeout");
    }

    private void keys(Message rule) {
        String uri = rule.string("jwksUri");
        if (!uri.isEmpty() && !isUrl(uri) && !isFile(uri)) {
            checks.error(
                    rule.place("jwksUri"),
                    MessageText.quote(uri) + " is not an address of keys",
                    "write a URL with http or https, or file:///path/of/keys.json");
        }
        String keys = rule.string("jwks");
        String problem = keys.isEmpty() ? null : KeySetText.problem(keys);
        if (problem != null) {
            checks.error(
                    rule.place("jwks"),
                    "jwks is not a JSON Web Key Set: " + problem,
                    "write it as {\"keys\": [{\"kty\": \"RSA\", …}]}, in quotes or behind jwks: |");
        } else if (!uri.isEmpty() && !keys.isEmpty()) {
            checks.warning(rule.place("jwksUri"), "jwksUri does nothing beside jwks", "keep one of them");
        }
    }

    /** Istio has none; keys that stand beside the rules need no server. */
    private static boolean isFile(String text) {
        try {
            URI uri = new URI(text);
            @Nullable String path = uri.getPath();
            return "file".equalsIgnoreCase(uri.getScheme())
                    && uri.getAuthority() == null
                    && path != null
                    && path.startsWith("/")
                    && !path.endsWith("/");
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** Whether somebody can be asked there. */
    static boolean isUrl(String text) {
        try {
            URI uri = new URI(text);
            @Nullable String scheme = uri.getScheme();
            return scheme != null
                    && List.of("http", "https").contains(scheme.toLowerCase(Locale.ROOT))
                    && uri.getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private void outputs(Message rule) {
        for (Message output : rule.messages("outputClaimToHeaders")) {
            if (output.string("claim").isEmpty()) {
                checks.error(output.place("claim"), "the claim has no name", "write the claim to send on");
            }
            header(output.string("header"), output.place("header"));
        }
        String payload = rule.string("outputPayloadToHeader");
        if (!payload.isEmpty()) {
            header(payload, rule.place("outputPayloadToHeader"));
        }
    }

    private void header(String name, Place place) {
        if (name.isEmpty()) {
            checks.error(place, "the header has no name", "write the header to send it in");
        } else if (!HeaderName.isValid(name)) {
            checks.error(place, MessageText.quote(name) + " is not a header name", "use " + HeaderName.CHARACTERS);
        }
    }
}
