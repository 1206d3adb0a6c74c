package io.inmesh.servlet;

import jakarta.servlet.ServletRequest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the token of a request says, which was found to be true by a RequestAuthentication. The attribute
 * {@link #ATTRIBUTE} of requests that {@link MeshServletFilter} let in by policies. Immutable.
 *
 * @param issuer who signed it, of the claim {@code iss}
 * @param subject whom it is for, of the claim {@code sub}; null when there is none
 * @param claims all of them by name: texts, numbers, booleans, lists and maps. Those that hold names with spaces between,
 *     such as {@code scope}, are lists
 */
public record TokenClaims(String issuer, @Nullable String subject, Map<String, Object> claims) {
    /** Name of the request attribute. */
    public static final String ATTRIBUTE = "io.inmesh.servlet.TokenClaims";

    /** Copies. */
    public TokenClaims {
        claims = Collections.unmodifiableMap(new LinkedHashMap<>(claims));
    }

    /** Those of a request; null when it came without a token, or not through a filter with policies. */
    public static @Nullable TokenClaims of(ServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof TokenClaims claims ? claims : null;
    }
}
