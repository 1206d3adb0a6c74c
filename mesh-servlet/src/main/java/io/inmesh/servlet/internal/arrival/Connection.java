package io.inmesh.servlet.internal.arrival;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The connection that a request came in on. Asked only for what policies look at; used by one thread. */
public interface Connection {
    /** Address of the other end, without port; that of the nearest proxy where there is one. Empty when not known. */
    String peerAddress();

    /** Address of this end, without port; empty when not known. */
    String localAddress();

    /** Port that policies know as the one that was called. */
    int localPort();

    /** Whether the connection came in with TLS. */
    boolean isSecure();

    /** The URI names of the other end's certificate, which has been verified; empty without one. */
    List<String> identities();

    /** Whether the other end has shown a certificate, which has been verified. */
    default boolean hasCertificate() {
        return !identities().isEmpty();
    }

    /** The name that the other end asked for when TLS began; null where that is not known. */
    default @Nullable String serverName() {
        return null;
    }
}
