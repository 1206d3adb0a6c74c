package io.inmesh.servlet.internal.request;

import io.inmesh.call.HeaderField;
import io.inmesh.call.RequestHead;
import io.inmesh.observe.InboundConnection;
import io.inmesh.observe.StartedRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A container's request for whoever shows it: nothing is checked, and nothing is read that is not asked for. */
public final class ShownHead implements RequestHead {
    private static final String SPIFFE = "spiffe://";

    private final HttpServletRequest request;
    private @Nullable List<HeaderField> headers;

    private ShownHead(HttpServletRequest request) {
        this.request = request;
    }

    /** What observers are told of a request. */
    public static StartedRequest of(HttpServletRequest request) {
        ContainerConnection connection = new ContainerConnection(request, request.getLocalPort());
        boolean secure = connection.isSecure();
        return new StartedRequest(
                new ShownHead(request),
                new InboundConnection(
                        connection.peerAddress(),
                        Math.max(0, request.getRemotePort()),
                        connection.localAddress(),
                        Math.max(0, connection.localPort()),
                        secure),
                secure ? principal(connection.identities()) : null);
    }

    /** A SPIFFE certificate has exactly one URI among its names; one with more is for nobody in particular. */
    private static @Nullable String principal(List<String> identities) {
        return identities.size() == 1 && identities.get(0).startsWith(SPIFFE) ? identities.get(0) : null;
    }

    @Override
    public String method() {
        return request.getMethod();
    }

    @Override
    public String scheme() {
        return request.getScheme();
    }

    @Override
    public String authority() {
        String host = request.getHeader("Host");
        return host == null || host.isEmpty() ? request.getServerName() + ":" + request.getServerPort() : host;
    }

    @Override
    public int port() {
        return request.getServerPort();
    }

    @Override
    public String pathAndQuery() {
        String path = Objects.requireNonNullElse(request.getRequestURI(), "/");
        String query = request.getQueryString();
        return query == null ? path : path + "?" + query;
    }

    @Override
    public String protocol() {
        return request.getProtocol();
    }

    @Override
    public String callerAddress() {
        return Objects.requireNonNullElse(request.getRemoteAddr(), "");
    }

    private List<HeaderField> headers() {
        List<HeaderField> known = headers;
        if (known == null) {
            known = new ArrayList<>();
            for (String name : Collections.list(request.getHeaderNames())) {
                if (!name.equalsIgnoreCase("host")) {
                    for (String value : Collections.list(request.getHeaders(name))) {
                        known.add(new HeaderField(name, text(value)));
                    }
                }
            }
            headers = known;
        }
        return known;
    }

    private static String text(String value) {
        return Objects.requireNonNullElse(HeaderText.ofContainer(value), value);
    }

    @Override
    public int headerCount() {
        return headers().size();
    }

    @Override
    public String headerName(int index) {
        return headers().get(index).name();
    }

    @Override
    public String headerValue(int index) {
        return headers().get(index).value();
    }
}
