package io.inmesh.internal.route;

import io.inmesh.call.RequestHead;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A condition on a claim of the caller's token, which rules write as a header {@code @request.auth.claims.a.b} or
 * {@code @request.auth.claims[a][b]} (Istio: RoutingClaim). A text satisfies it, and a list one of whose texts does; no other
 * claim does, nor one that is missing, as without a token.
 *
 * @param path names from the outermost claim to the one that is looked at
 */
record ClaimMatcher(List<String> path, StringMatcher value) implements FieldMatcher {
    private static final String PREFIX = "@request.auth.claims";

    /** Null for the name of a header. */
    static @Nullable ClaimMatcher of(String name, StringMatcher value) {
        if (!name.toLowerCase(Locale.ROOT).startsWith(PREFIX)) {
            return null;
        }
        String claim = name.substring(PREFIX.length());
        if (claim.startsWith(".") && claim.length() > 1) {
            return new ClaimMatcher(List.of(claim.substring(1).split("\\.", -1)), value);
        }
        return claim.startsWith("[") && claim.endsWith("]") && claim.length() > 2
                ? new ClaimMatcher(
                        Arrays.asList(claim.substring(1, claim.length() - 1).split("\\]\\[", -1)), value)
                : null;
    }

    ClaimMatcher {
        path = List.copyOf(path);
    }

    @Override
    public boolean matches(RequestHead head, String pathAndQuery) {
        Object claim = head.claims();
        for (int i = 0; i < path.size(); i++) {
            claim = claim instanceof Map<?, ?> claims ? claims.get(path.get(i)) : null;
        }
        if (claim instanceof List<?> texts) {
            for (Object text : texts) {
                if (text instanceof String one && value.matches(one)) {
                    return true;
                }
            }
            return false;
        }
        return claim instanceof String text && value.matches(text);
    }

    @Override
    public String toString() {
        return "claim " + String.join(".", path) + " " + value;
    }
}
