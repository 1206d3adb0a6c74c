package io.inmesh.inbound;

import org.jspecify.annotations.Nullable;

/**
 * Who sent a request, as far as the connection tells: nothing of it comes from headers.
 *
 * @param address of the other end of the connection, an IP address as the server writes it; empty when it is not known
 * @param spiffeId of the certificate that the other end has shown and the server has verified, such as {@code
 *     spiffe://cluster.local/ns/default/sa/productpage}; null without a certificate, and for one that has no URI among its
 *     names or more than one
 * @param subject distinguished name of that certificate by RFC 2253; null without a certificate
 */
public record CallerIdentity(
        String address, @Nullable String spiffeId, @Nullable String subject) {
    /** Nothing is known. */
    public static final CallerIdentity UNKNOWN = new CallerIdentity("", null, null);
}
