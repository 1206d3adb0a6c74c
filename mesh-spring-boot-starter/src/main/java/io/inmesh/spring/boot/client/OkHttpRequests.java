package io.inmesh.spring.boot.client;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

/** Turns Spring's requests and headers into OkHttp's, and back. */
final class OkHttpRequests {
    private static final String LENGTH = "Content-Length";
    private static final String COOKIE = "Cookie";

    private OkHttpRequests() {}

    /**
     * Makes a request.
     *
     * @param cookie more for the Cookie header, which there is one of; null for none
     * @param body null for none; methods that need one get an empty one
     * @throws IOException when OkHttp cannot send such a request
     */
    static Request request(
            HttpMethod method, URI uri, HttpHeaders headers, @Nullable String cookie, @Nullable RequestBody body)
            throws IOException {
        HttpUrl url = HttpUrl.parse(uri.toString());
        if (url == null) {
            throw new IOException("Not an http or https URL: " + uri);
        }
        Headers.Builder lines = new Headers.Builder();
        headers.forEach((name, values) -> {
            if (!name.equalsIgnoreCase(LENGTH) && !name.equalsIgnoreCase(COOKIE)) {
                values.forEach(value -> lines.addUnsafeNonAscii(name, checked(name, value)));
            }
        });
        String cookies = cookies(headers, cookie);
        if (!cookies.isEmpty()) {
            lines.addUnsafeNonAscii(COOKIE, checked(COOKIE, cookies));
        }
        try {
            return new Request.Builder()
                    .url(url)
                    .headers(lines.build())
                    .method(method.name(), body == null && needsBody(method) ? RequestBody.EMPTY : body)
                    .build();
        } catch (IllegalArgumentException e) {
            throw new IOException("Cannot send " + method + " " + uri + " through the mesh: " + e.getMessage(), e);
        }
    }

    static HttpHeaders springHeaders(Headers headers) {
        HttpHeaders spring = new HttpHeaders();
        for (int i = 0; i < headers.size(); i++) {
            spring.add(headers.name(i), headers.value(i));
        }
        return spring;
    }

    /** All values of a header. What Spring offers for this differs between its lines. */
    static List<String> values(HttpHeaders headers, String name) {
        if (headers.getFirst(name) == null) {
            return List.of();
        }
        List<String> all = new ArrayList<>();
        headers.forEach((key, values) -> {
            if (key.equalsIgnoreCase(name)) {
                all.addAll(values);
            }
        });
        return all;
    }

    /** In one line: a request has no more than one (RFC 6265, 5.4). */
    private static String cookies(HttpHeaders headers, @Nullable String cookie) {
        List<String> all = new ArrayList<>(values(headers, COOKIE));
        if (cookie != null) {
            all.add(cookie);
        }
        return String.join("; ", all);
    }

    private static boolean needsBody(HttpMethod method) {
        return method.equals(HttpMethod.POST) || method.equals(HttpMethod.PUT) || method.equals(HttpMethod.PATCH);
    }

    /** A line break in a value would begin another header. */
    private static String checked(String name, String value) {
        for (int i = 0; i < value.length(); i++) {
            char ch = value.charAt(i);
            if ((ch < ' ' && ch != '\t') || ch == 0x7f) {
                throw new IllegalArgumentException("The value of the header " + name + " holds the control character "
                        + (int) ch + " at position " + i);
            }
        }
        return value;
    }
}
