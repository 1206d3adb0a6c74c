package io.inmesh.servlet.internal.arrival;

import org.jspecify.annotations.Nullable;

/**
 * A SPIFFE identity of Istio's form, {@code spiffe://TRUST-DOMAIN/ns/NAMESPACE/sa/SERVICE-ACCOUNT}.
 *
 * @param principal without {@code spiffe://}
 * @param namespace null when the identity is of another form
 * @param serviceAccount null when the identity is of another form
 */
public record PeerIdentity(
        String principal,
        @Nullable String namespace,
        @Nullable String serviceAccount) {
    private static final String SCHEME = "spiffe://";
    private static final int PARTS = 5;

    /** Reads a URI; null when it is no SPIFFE identity. */
    public static @Nullable PeerIdentity of(String uri) {
        if (!uri.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return null;
        }
        String principal = uri.substring(SCHEME.length());
        String[] parts = principal.split("/", -1);
        boolean workload = parts.length == PARTS
                && parts[1].equals("ns")
                && parts[3].equals("sa")
                && !parts[0].isEmpty()
                && !parts[2].isEmpty()
                && !parts[4].isEmpty();
        return workload ? new PeerIdentity(principal, parts[2], parts[4]) : new PeerIdentity(principal, null, null);
    }
}
