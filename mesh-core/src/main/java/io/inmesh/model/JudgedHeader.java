package io.inmesh.model;

import java.util.Locale;
import java.util.Set;

/**
 * Which headers of a request conditions of AuthorizationPolicies ({@code request.headers[name]}) can look at: those that are
 * sent on. What is for the connection, or from a proxy that nobody vouches for, is taken away before.
 */
public final class JudgedHeader {
    private static final Set<String> TAKEN_AWAY = Set.of(
            "connection",
            "content-length",
            "expect",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "x-forwarded-client-cert");

    private static final Set<String> OF_THE_REQUEST_LINE = Set.of(":authority", ":path", ":method", ":scheme");

    private JudgedHeader() {}

    /** Whether policies can look at a header, in any case. */
    public static boolean isJudged(String name) {
        String lowerCase = name.toLowerCase(Locale.ROOT);
        if (lowerCase.startsWith(":")) {
            return OF_THE_REQUEST_LINE.contains(lowerCase);
        }
        return !lowerCase.startsWith("x-envoy-") && !TAKEN_AWAY.contains(lowerCase);
    }
}
