package io.inmesh.spring.boot.client;

import java.io.IOException;
import java.net.CookieHandler;
import java.net.URI;
import java.util.List;
import java.util.Map;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/** Sends and keeps cookies, by the logical URL. */
final class CookieInterceptor implements Interceptor {
    private static final String COOKIE = "Cookie";

    private final CookieHandler cookies;

    CookieInterceptor(CookieHandler cookies) {
        this.cookies = cookies;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Request request = chain.request();
        URI uri = request.url().uri();
        List<String> kept = cookies.get(uri, Map.of()).getOrDefault(COOKIE, List.of());
        if (!kept.isEmpty()) {
            String given = request.header(COOKIE);
            String all = String.join("; ", kept);
            request = request.newBuilder()
                    .header(COOKIE, given == null ? all : given + "; " + all)
                    .build();
        }
        Response response = chain.proceed(request);
        cookies.put(uri, response.headers().toMultimap());
        return response;
    }
}
