package io.inmesh.okhttp;

import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** The request that a redirect asks for, by OkHttp's own rules and the client's settings. */
final class FollowUp {
    /** As many as OkHttp follows. */
    static final int MOST = 20;

    private FollowUp() {}

    /** Null when the answer is for the caller. */
    static @Nullable Request of(OkHttpLine line, Interceptor.Chain chain, Request request, Response response) {
        if (!isRedirect(response.code()) || !line.followsRedirects(chain)) {
            return null;
        }
        String location = response.header("Location");
        HttpUrl url = location == null ? null : request.url().resolve(location);
        if (url == null) {
            return null;
        }
        if (!url.scheme().equals(request.url().scheme()) && !line.followsSslRedirects(chain)) {
            return null;
        }
        Request.Builder next = request.newBuilder().url(url);
        String method = request.method();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            boolean sameMethod = response.code() == 307 || response.code() == 308 || method.equals("PROPFIND");
            RequestBody body = request.body();
            if (sameMethod) {
                if (body != null && (body.isOneShot() || body.isDuplex())) {
                    return null;
                }
            } else {
                next.method("GET", null);
                next.removeHeader("Transfer-Encoding");
                next.removeHeader("Content-Length");
                next.removeHeader("Content-Type");
            }
        }
        boolean sameHost = url.host().equals(request.url().host())
                && url.port() == request.url().port();
        if (!sameHost || !url.scheme().equals(request.url().scheme())) {
            next.removeHeader("Authorization");
        }
        if (!sameHost) {
            // It named the host of the URL before.
            next.removeHeader("Host");
        }
        return next.build();
    }

    private static boolean isRedirect(int status) {
        return switch (status) {
            case 300, 301, 302, 303, 307, 308 -> true;
            default -> false;
        };
    }
}
