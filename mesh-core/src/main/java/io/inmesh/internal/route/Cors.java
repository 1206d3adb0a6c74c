package io.inmesh.internal.route;

import io.inmesh.call.HeaderField;
import io.inmesh.call.RequestHead;
import io.inmesh.model.CorsPolicy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a route does for pages of other origins (Envoy: CORS filter as istiod configures it). It answers preflights and sets
 * headers of answers; no other request is refused, since it is the browser that keeps an answer from a page. Immutable; looks
 * at a request without allocating but for regular expressions.
 */
final class Cors {
    private static final String ALLOW_ORIGIN = "access-control-allow-origin";
    private static final String ALLOW_CREDENTIALS = "access-control-allow-credentials";
    private static final String ALLOW_METHODS = "access-control-allow-methods";
    private static final String ALLOW_HEADERS = "access-control-allow-headers";
    private static final String EXPOSE_HEADERS = "access-control-expose-headers";
    private static final String MAX_AGE = "access-control-max-age";
    private static final String REQUEST_METHOD = "access-control-request-method";
    private static final String REQUEST_HEADERS = "access-control-request-headers";

    private final List<StringMatcher> origins;
    private final boolean anyOrigin;
    private final String methods;
    private final String headers;
    private final String exposed;
    private final String maxAge;
    private final boolean credentials;
    private final boolean ignoreUnmatched;

    private Cors(CorsPolicy policy) {
        this.origins = policy.allowOrigins().stream().map(StringMatcher::of).toList();
        this.anyOrigin = origins.stream().anyMatch(origin -> origin.matches("*"));
        this.methods = String.join(",", policy.allowMethods());
        this.headers = String.join(",", policy.allowHeaders());
        this.exposed = String.join(",", policy.exposeHeaders());
        this.maxAge =
                policy.maxAge() == null ? "" : Long.toString(policy.maxAge().toSeconds());
        this.credentials = Boolean.TRUE.equals(policy.allowCredentials());
        this.ignoreUnmatched = policy.ignoreUnmatchedPreflights();
    }

    static @Nullable Cors of(@Nullable CorsPolicy policy) {
        return policy == null ? null : new Cors(policy);
    }

    /** The origin of a request if it is allowed; null for any other and for a request without one. */
    @Nullable
    String allowedOrigin(RequestHead head) {
        String origin = only(head, "origin");
        return origin != null && !origin.isEmpty() && isAllowed(origin) ? origin : null;
    }

    private boolean isAllowed(String origin) {
        if (anyOrigin) {
            return true;
        }
        for (int i = 0; i < origins.size(); i++) {
            if (origins.get(i).matches(origin)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Headers of the answer to a preflight, null for a request that is none and for one that is forwarded because its origin
     * is not allowed.
     *
     * @param allowedOrigin as {@link #allowedOrigin} has it
     */
    @Nullable
    List<HeaderField> preflight(RequestHead head, @Nullable String allowedOrigin) {
        if (!head.method().equals("OPTIONS") || allowedOrigin == null && !ignoreUnmatched) {
            return null;
        }
        String origin = only(head, "origin");
        String method = only(head, REQUEST_METHOD);
        if (origin == null || origin.isEmpty() || method == null || method.isEmpty()) {
            return null;
        }
        List<HeaderField> answer = new ArrayList<>();
        if (allowedOrigin != null) {
            edit(answer, allowedOrigin);
        } else if (credentials) {
            answer.add(new HeaderField(ALLOW_CREDENTIALS, "true"));
        }
        add(answer, ALLOW_METHODS, methods.equals("*") ? method : methods);
        add(answer, ALLOW_HEADERS, headers.equals("*") ? only(head, REQUEST_HEADERS) : headers);
        add(answer, MAX_AGE, maxAge);
        return answer;
    }

    /** Sets the headers of an answer to a request of an allowed origin, in place of what a server or a rule has set. */
    void edit(List<HeaderField> answer, String allowedOrigin) {
        HeaderEdits.overwrite(answer, new HeaderField(ALLOW_ORIGIN, allowedOrigin));
        if (credentials) {
            HeaderEdits.overwrite(answer, new HeaderField(ALLOW_CREDENTIALS, "true"));
        }
        if (!exposed.isEmpty()) {
            HeaderEdits.overwrite(answer, new HeaderField(EXPOSE_HEADERS, exposed));
        }
    }

    private static void add(List<HeaderField> answer, String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            answer.add(new HeaderField(name, value));
        }
    }

    /** The value of a header that a request has once; of what browsers send once, several are none to go by. */
    private static @Nullable String only(RequestHead head, String name) {
        String value = null;
        for (int i = 0; i < head.headerCount(); i++) {
            if (name.equalsIgnoreCase(head.headerName(i))) {
                if (value != null) {
                    return null;
                }
                value = head.headerValue(i);
            }
        }
        return value;
    }

    /** What it does with a request, a sentence for people; null for a request without an origin. */
    @Nullable
    String verdict(RequestHead head) {
        String origin = only(head, "origin");
        if (origin == null || origin.isEmpty()) {
            return null;
        }
        String allowed = allowedOrigin(head);
        if (preflight(head, allowed) != null) {
            return "a preflight of origin " + origin + ", which "
                    + (allowed == null
                            ? "corsPolicy does not allow: answered by the mesh without saying so (unmatchedPreflights IGNORE)"
                            : "corsPolicy allows: answered by the mesh");
        }
        return allowed == null
                ? "corsPolicy does not allow origin " + origin + ", so the answer gets no headers for it"
                : "corsPolicy allows origin " + origin + ", so the answer gets headers that say so";
    }
}
