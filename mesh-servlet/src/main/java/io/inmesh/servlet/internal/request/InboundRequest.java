package io.inmesh.servlet.internal.request;

import io.inmesh.call.HeaderField;
import io.inmesh.servlet.internal.arrival.Connection;
import java.util.ArrayList;
import java.util.List;

/**
 * A request that came in, in the one form that everybody goes by: whoever judges it, routes it or sends it on. Made by
 * {@link RequestReader}; used by the thread of the request.
 *
 * @param method as sent, case kept
 * @param protocol such as {@code HTTP/1.1}
 * @param scheme {@code http} or {@code https}: how the client speaks to this gateway, or to the trusted proxy before it
 * @param port number of the Gateway's port
 * @param authority the Host as sent, case kept, checked: a name or an address, with or without a port
 * @param pathAndQuery canonical path and raw query
 * @param headers in the container's order, without {@code Host}; values are text, see {@link HeaderText}
 * @param clientAddress IP address of the client as far as proxies are trusted; that of the peer where none is; empty when not
 *     known
 * @param connection that it came in on
 */
public record InboundRequest(
        String method,
        String protocol,
        String scheme,
        int port,
        String authority,
        String pathAndQuery,
        List<HeaderField> headers,
        String clientAddress,
        Connection connection) {
    public InboundRequest {
        headers = List.copyOf(headers);
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
