package io.inmesh.spring.boot.client;

import io.inmesh.model.Authority;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** The Host header of a request, which says what host is called, whatever the URL says. */
final class HostHeader {
    private HostHeader() {}

    /** The value, null for none; of several the last one, as OkHttp reads them. */
    static @Nullable String of(HttpHeaders headers) {
        List<String> all = OkHttpRequests.values(headers, HttpHeaders.HOST);
        return all.isEmpty() ? null : all.get(all.size() - 1);
    }

    /**
     * What is looked up: the host of the header, if there is one, at the port of the URL.
     *
     * @param url host with or without port
     */
    static String authority(String url, @Nullable String header) {
        return header == null || header.isEmpty()
                ? url
                : new Authority(Authority.host(header), Authority.of(url).port()).toString();
    }
}
