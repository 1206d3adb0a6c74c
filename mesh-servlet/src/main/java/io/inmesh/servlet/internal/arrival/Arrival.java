package io.inmesh.servlet.internal.arrival;

import io.inmesh.call.RequestHead;
import io.inmesh.model.Authority;
import io.inmesh.model.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A request that came in, as policies see it. Reads things once, when first asked; used by one thread. */
public final class Arrival {
    private final RequestHead head;
    private final String path;
    private final Connection connection;
    private final @Nullable Token token;
    private @Nullable String host;
    private @Nullable List<PeerIdentity> identities;

    /**
     * Describes a request.
     *
     * @param head with its canonical path
     * @param path what policies judge, without query
     * @param token null without a true one
     */
    public Arrival(RequestHead head, String path, Connection connection, @Nullable Token token) {
        this.head = head;
        this.path = path;
        this.connection = connection;
        this.token = token;
    }

    /** With the canonical path. */
    public RequestHead head() {
        return head;
    }

    /** Without query. */
    public String path() {
        return path;
    }

    /** Null without a true one. */
    public @Nullable Token token() {
        return token;
    }

    /** What the request came in on. */
    public Connection connection() {
        return connection;
    }

    /** The authority in lower case, without the dot at the end of its host, with the port when there is one. */
    public String host() {
        String known = host;
        if (known == null) {
            Authority authority = Authority.of(head.authority().toLowerCase(Locale.ROOT));
            String name = authority.host();
            String port = authority.port();
            known = new Authority(
                            name.endsWith(".") ? name.substring(0, name.length() - 1) : name,
                            port == null || port.isEmpty() ? null : port)
                    .toString();
            host = known;
        }
        return known;
    }

    /** {@link #host()} without a port that is the scheme's own, which says nothing more. */
    public String hostWithoutUsualPort() {
        String port = Authority.of(host()).port();
        boolean usual = port != null && Authority.port(host(), head.scheme()) == Authority.port("host", head.scheme());
        return usual ? Authority.host(host()) : host();
    }

    /** Whether the certificate of the other end is for one alone: it has one URI, as SPIFFE (X509-SVID 2) demands. */
    public boolean hasOneName() {
        return connection.identities().size() == 1;
    }

    /** Whom the certificate of the other end is for; for nobody for certain unless it {@linkplain #hasOneName has one name}. */
    public List<PeerIdentity> identities() {
        List<PeerIdentity> known = identities;
        if (known == null) {
            known = new ArrayList<>();
            for (String uri : connection.identities()) {
                PeerIdentity identity = PeerIdentity.of(uri);
                if (identity != null) {
                    known.add(identity);
                }
            }
            identities = known;
        }
        return known;
    }

    /** The address of the other end; null when it cannot be read. */
    public @Nullable IpAddress peerAddress() {
        return address(connection.peerAddress());
    }

    /** The address of the client, behind trusted proxies; null when it cannot be read. */
    public @Nullable IpAddress clientAddress() {
        return address(head.callerAddress());
    }

    /** The address of this end; null when it cannot be read. */
    public @Nullable IpAddress localAddress() {
        return address(connection.localAddress());
    }

    private static @Nullable IpAddress address(String text) {
        IpAddress address = IpAddress.parse(
                text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text);
        return address == null ? null : address.unmapped();
    }
}
