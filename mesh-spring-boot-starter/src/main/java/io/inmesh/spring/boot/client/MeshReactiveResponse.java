package io.inmesh.spring.boot.client;

import java.net.HttpCookie;
import java.util.List;
import okhttp3.Response;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseCookie;
import org.springframework.http.client.reactive.AbstractClientHttpResponse;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import reactor.core.publisher.Flux;

/** An answer whose body is read from the wire as it is asked for. */
final class MeshReactiveResponse extends AbstractClientHttpResponse {
    MeshReactiveResponse(Response response, Flux<DataBuffer> body) {
        super(
                HttpStatusCode.valueOf(response.code()),
                HttpHeaders.readOnlyHttpHeaders(OkHttpRequests.springHeaders(response.headers())),
                cookies(response),
                body);
    }

    private static MultiValueMap<String, ResponseCookie> cookies(Response response) {
        MultiValueMap<String, ResponseCookie> cookies = new LinkedMultiValueMap<>();
        for (String line : response.headers("Set-Cookie")) {
            for (ResponseCookie cookie : parse(line)) {
                cookies.add(cookie.getName(), cookie);
            }
        }
        return cookies;
    }

    private static List<ResponseCookie> parse(String line) {
        try {
            return HttpCookie.parse("Set-Cookie: " + line).stream()
                    .map(cookie -> cookie(cookie, line))
                    .toList();
        } catch (IllegalArgumentException e) {
            // As a browser does: a cookie that cannot be read is not there; the header still is.
            return List.of();
        }
    }

    /** The way of Spring 7 from a cookie to this does not exist in Spring 6. */
    private static ResponseCookie cookie(HttpCookie cookie, String line) {
        return ResponseCookie.fromClientResponse(cookie.getName(), cookie.getValue())
                .domain(cookie.getDomain())
                .path(cookie.getPath())
                .maxAge(cookie.getMaxAge())
                .secure(cookie.getSecure())
                .httpOnly(cookie.isHttpOnly())
                .sameSite(sameSite(line))
                .build();
    }

    private static @org.jspecify.annotations.Nullable String sameSite(String line) {
        String name = "samesite=";
        for (String attribute : line.split(";", -1)) {
            String text = attribute.strip();
            if (text.regionMatches(true, 0, name, 0, name.length())) {
                return text.substring(name.length());
            }
        }
        return null;
    }
}
