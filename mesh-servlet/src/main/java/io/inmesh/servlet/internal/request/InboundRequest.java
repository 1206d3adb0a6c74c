package io.inmesh.servlet.internal.request;

import io.inmesh.call.HeaderField;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that came in, in the one form that everybody goes by: whoever judges it, routes it or sends it on. Immutable;
 * made by {@link RequestReader}.
 *
 * @param method as sent, case kept
 * @param protocol such as {@code HTTP/1.1}
 * @param scheme {@code http} or {@code https}: how the client speaks to this gateway, or to the trusted proxy before it
 * @param port number of the Gateway's port
 * @param authority the Host as sent, case kept, checked: a name or an address, with or without a port
 * @param pathAndQuery canonical path and raw query
 * @param headers in the container's order, without {@code Host}; values are text, see {@link HeaderText}
 * @param peerAddress IP address of whoever is connected
 * @param clientAddress IP address of the client as far as proxies are trusted; that of the peer where none is
 * @param clientCertificate of the peer, verified by the container; null for none
 */
public record InboundRequest(
        String method,
        String protocol,
        String scheme,
        int port,
        String authority,
        String pathAndQuery,
        List<HeaderField> headers,
        String peerAddress,
        String clientAddress,
        @Nullable X509Certificate clientCertificate) {
    public InboundRequest {
        headers = List.copyOf(headers);
    }

    /** The path without its query. */
    public String path() {
        int mark = pathAndQuery.indexOf('?');
        return mark < 0 ? pathAndQuery : pathAndQuery.substring(0, mark);
    }

    /** The first value of a header; null without one. */
    public @Nullable String header(String name) {
        for (HeaderField field : headers) {
            if (field.name().equalsIgnoreCase(name)) {
                return field.value();
            }
        }
        return null;
    }

    /** All values of a header, in order. */
    public List<String> headerValues(String name) {
        List<String> values = new ArrayList<>(1);
        for (HeaderField field : headers) {
            if (field.name().equalsIgnoreCase(name)) {
                values.add(field.value());
            }
        }
        return values;
    }
}
