package io.inmesh.servlet.internal.arrival;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A token that has been found to be true.
 *
 * @param issuer of the claim {@code iss}; empty when there is none
 * @param subject of the claim {@code sub}; null when there is none
 * @param claims by name: texts, numbers, booleans, lists and maps; a claim that holds names with spaces between is a list
 */
public record Token(String issuer, @Nullable String subject, Map<String, Object> claims) {
    public Token {
        claims = Collections.unmodifiableMap(new LinkedHashMap<>(claims));
    }

    /** {@code issuer/subject}, as policies name whom a token is for; null without one of them. */
    public @Nullable String principal() {
        return subject == null || subject.isEmpty() || issuer.isEmpty() ? null : issuer + "/" + subject;
    }
}
