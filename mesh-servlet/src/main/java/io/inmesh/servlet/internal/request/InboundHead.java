package io.inmesh.servlet.internal.request;

import io.inmesh.call.HeaderField;
import io.inmesh.call.RequestHead;
import io.inmesh.model.Authority;
import java.util.ArrayList;
import java.util.List;

/** A request as rules and servers see it. */
public final class InboundHead implements RequestHead {
    private final InboundRequest request;
    private final List<HeaderField> headers;
    private final int port;

    /**
     * Shows a request.
     *
     * @param headers in place of its own
     */
    public InboundHead(InboundRequest request, List<HeaderField> headers) {
        this.request = request;
        this.headers = headers;
        this.port = Authority.port(request.authority(), request.scheme());
    }

    @Override
    public String method() {
        return request.method();
    }

    @Override
    public String scheme() {
        return request.scheme();
    }

    @Override
    public String authority() {
        return request.authority();
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public String pathAndQuery() {
        return request.pathAndQuery();
    }

    @Override
    public String protocol() {
        return request.protocol();
    }

    @Override
    public String callerAddress() {
        return request.clientAddress();
    }

    @Override
    public int headerCount() {
        return headers.size();
    }

    @Override
    public String headerName(int index) {
        return headers.get(index).name();
    }

    @Override
    public String headerValue(int index) {
        return headers.get(index).value();
    }

    @Override
    public List<HeaderField> headerFields() {
        return new ArrayList<>(headers);
    }
}
