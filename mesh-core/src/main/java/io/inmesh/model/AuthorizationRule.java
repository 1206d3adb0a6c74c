package io.inmesh.model;

import java.util.List;

/**
 * One rule of an {@link AuthorizationPolicy}; all lists that are not empty must match.
 *
 * @param from one must match; empty for any
 * @param to one must match; empty for any
 * @param when all must match
 * @param origin place of the rule
 */
public record AuthorizationRule(
        List<RequestSource> from, List<RequestOperation> to, List<RequestCondition> when, Origin origin) {
    public AuthorizationRule {
        from = List.copyOf(from);
        to = List.copyOf(to);
        when = List.copyOf(when);
    }
}
