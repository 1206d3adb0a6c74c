package io.inmesh.testing;

import io.inmesh.call.RequestHead;
import io.inmesh.call.SimpleRequestHead;
import java.util.Map;

/** A request whose token has been found to be true. */
public final class HeadWithClaims implements RequestHead {
    private final RequestHead head;
    private final Map<String, Object> claims;

    private HeadWithClaims(RequestHead head, Map<String, Object> claims) {
        this.head = head;
        this.claims = Map.copyOf(claims);
    }

    /** A GET of a URL. */
    public static RequestHead get(String url, Map<String, Object> claims) {
        return new HeadWithClaims(SimpleRequestHead.of("GET", url, Map.of()), claims);
    }

    @Override
    public Map<String, Object> claims() {
        return claims;
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
        return head.pathAndQuery();
    }

    @Override
    public int headerCount() {
        return head.headerCount();
    }

    @Override
    public String headerName(int index) {
        return head.headerName(index);
    }

    @Override
    public String headerValue(int index) {
        return head.headerValue(index);
    }
}
