package io.inmesh.model;

import java.util.List;

/**
 * A further condition of an {@link AuthorizationRule} (Istio: Condition).
 *
 * @param key such as {@code request.headers[x]}, {@code source.ip}, {@code request.auth.claims[a][b]}
 * @param values one must match; empty for any
 * @param notValues none may match
 * @param origin place of the condition
 */
public record RequestCondition(String key, List<String> values, List<String> notValues, Origin origin) {
    public RequestCondition {
        values = List.copyOf(values);
        notValues = List.copyOf(notValues);
    }
}
