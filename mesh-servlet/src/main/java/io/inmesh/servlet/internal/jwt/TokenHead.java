package io.inmesh.servlet.internal.jwt;

import io.inmesh.call.HeaderField;
import io.inmesh.call.RequestHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A request without its token, or with what the token sets. */
final class TokenHead implements RequestHead {
    private final RequestHead head;
    private final String pathAndQuery;
    private final List<HeaderField> headers;
    private final Map<String, Object> claims;

    TokenHead(RequestEdit edit, Map<String, Object> claims) {
        this.head = edit.head();
        this.pathAndQuery = edit.pathAndQuery();
        this.headers = edit.headers();
        this.claims = claims;
    }

    @Override
    public String method() {
        return head.method();
    }

    @Override
    public String scheme() {
        return head.scheme();
    }

    @Override
    public String authority() {
        return head.authority();
    }

    @Override
    public int port() {
        return head.port();
    }

    @Override
    public String pathAndQuery() {
        return pathAndQuery;
    }

    @Override
    public String protocol() {
        return head.protocol();
    }

    @Override
    public String callerAddress() {
        return head.callerAddress();
    }

    @Override
    public Map<String, Object> claims() {
        return claims;
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
