package io.inmesh.okhttp;

import io.inmesh.call.RequestHead;
import io.inmesh.model.Authority;
import java.util.List;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/**
 * A request as rules see it. The headers are those that go out: OkHttp adds the body's content type and the cookies of
 * its jar only after the interceptors, and a rule that matches on either has to see them. Thread-safe.
 */
final class OkHttpRequestHead implements RequestHead {
    private final Request request;
    private final CookieJar cookies;
    private final String authority;
    private final String pathAndQuery;
    private @Nullable Headers headers;

    OkHttpRequestHead(Request request, CookieJar cookies) {
        this.request = request;
        this.cookies = cookies;
        HttpUrl url = request.url();
        CalledHost called = request.tag(CalledHost.class);
        String host = called == null ? request.header("Host") : called.authority();
        authority = host == null || host.isEmpty() ? authority(url) : host;
        String query = url.encodedQuery();
        pathAndQuery = query == null ? url.encodedPath() : url.encodedPath() + "?" + query;
    }

    /** What OkHttp sends as Host for this URL. */
    static String authority(HttpUrl url) {
        String host = Authority.inBrackets(url.host());
        return url.port() == HttpUrl.defaultPort(url.scheme()) ? host : host + ":" + url.port();
    }

    @Override
    public String method() {
        return request.method();
    }

    @Override
    public String scheme() {
        return request.url().scheme();
    }

    @Override
    public String authority() {
        return authority;
    }

    /** A {@code Host} header names another host, but the call still goes to the URL's port. */
    @Override
    public int port() {
        return request.url().port();
    }

    @Override
    public String pathAndQuery() {
        return pathAndQuery;
    }

    @Override
    public int headerCount() {
        return headers().size();
    }

    @Override
    public String headerName(int index) {
        return headers().name(index);
    }

    @Override
    public String headerValue(int index) {
        return headers().value(index);
    }

    /** Made when a rule first asks, so that a call to an unknown host does not ask the cookie jar twice. */
    private Headers headers() {
        Headers known = headers;
        if (known == null) {
            known = sent();
            headers = known;
        }
        return known;
    }

    private Headers sent() {
        Headers given = request.headers();
        RequestBody body = request.body();
        MediaType type = body == null ? null : body.contentType();
        List<Cookie> jar = cookies == CookieJar.NO_COOKIES ? List.of() : cookies.loadForRequest(request.url());
        if (type == null && jar.isEmpty() && given.get("Host") == null) {
            return given;
        }
        Headers.Builder all = given.newBuilder().removeAll("Host");
        if (type != null) {
            all.set("Content-Type", type.toString());
        }
        if (!jar.isEmpty()) {
            StringBuilder line = new StringBuilder();
            for (Cookie cookie : jar) {
                line.append(line.isEmpty() ? "" : "; ")
                        .append(cookie.name())
                        .append('=')
                        .append(cookie.value());
            }
            all.removeAll("Cookie").addUnsafeNonAscii("Cookie", line.toString());
        }
        return all.build();
    }
}
