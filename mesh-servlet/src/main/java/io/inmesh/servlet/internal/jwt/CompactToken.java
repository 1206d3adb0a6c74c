package io.inmesh.servlet.internal.jwt;

import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Map;

/**
 * A signed token in its compact form, taken apart. Nothing of it is believed yet.
 *
 * @param header decoded
 * @param claims decoded
 * @param headerPart as sent
 * @param payloadPart as sent
 * @param signed what the signature is over
 * @param signature as sent
 */
record CompactToken(
        Map<String, Object> header,
        Map<String, Object> claims,
        String headerPart,
        String payloadPart,
        String signed,
        String signature) {
    /** Longest token that is looked at, in characters. */
    static final int LONGEST = 8192;

    static CompactToken parse(String token) throws TokenRefused {
        if (token.length() > LONGEST) {
            throw TokenRefused.because("Jwt is too long");
        }
        int first = token.indexOf('.');
        int second = token.indexOf('.', first + 1);
        boolean three =
                first > 0 && second > first + 1 && second < token.length() - 1 && token.indexOf('.', second + 1) < 0;
        if (!three) {
            throw TokenRefused.because(
                    "Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections");
        }
        String header = token.substring(0, first);
        String payload = token.substring(first + 1, second);
        String signature = token.substring(second + 1);
        requireBase64(header, "header");
        requireBase64(payload, "payload");
        requireBase64(signature, "signature");
        return new CompactToken(
                json(header, "header"),
                json(payload, "payload"),
                header,
                payload,
                token.substring(0, second),
                signature);
    }

    private static void requireBase64(String part, String name) throws TokenRefused {
        boolean proper = part.length() % 4 != 1;
        for (int i = 0; i < part.length() && proper; i++) {
            char c = part.charAt(i);
            proper = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_';
        }
        if (!proper) {
            throw TokenRefused.because("Jwt " + name + " is an invalid Base64url encoded");
        }
    }

    private static Map<String, Object> json(String part, String name) throws TokenRefused {
        try {
            Map<String, Object> json =
                    JSONObjectUtils.parse(new String(new Base64URL(part).decode(), StandardCharsets.UTF_8));
            if (json != null) {
                return json;
            }
        } catch (ParseException | RuntimeException | StackOverflowError unreadable) {
            // What is wrong with it is for whoever made it, not for whoever sent it.
        }
        throw TokenRefused.because("Jwt " + name + " is an invalid JSON");
    }
}
