package io.inmesh.model;

import java.util.List;

/**
 * All policies of one workload for requests that come in. The same instance as long as nothing in it has changed, so that what is
 * made of it can be remembered by identity.
 *
 * @param authentications in order of precedence
 * @param authorizations in order of precedence
 */
public record InboundPolicy(List<RequestAuthentication> authentications, List<AuthorizationPolicy> authorizations) {
    public InboundPolicy {
        authentications = List.copyOf(authentications);
        authorizations = List.copyOf(authorizations);
    }

    /** None: every request is let in. */
    public static final InboundPolicy NONE = new InboundPolicy(List.of(), List.of());

    /** Whether nothing is judged. */
    public boolean isEmpty() {
        return authentications.isEmpty() && authorizations.isEmpty();
    }
}
