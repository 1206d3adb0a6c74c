package io.inmesh.okhttp.traffic;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request as it came in at a backend, body included.
 *
 * @param backend its name
 * @param connection number of the connection at this backend, 0 for the first
 * @param headers by lower-case name
 * @param bodyLength bytes
 * @param nanos when it was read
 */
record SeenRequest(
        String backend,
        int connection,
        String method,
        String uri,
        Map<String, List<String>> headers,
        long bodyLength,
        long nanos) {
    /** The first of that name; null when there is none. */
    @Nullable
    String header(String name) {
        List<String> values = headers.get(name);
        return values == null ? null : values.get(0);
    }

    /** Empty when there is none. */
    String host() {
        String host = header("host");
        return host == null ? "" : host;
    }

    /** {@code x-envoy-attempt-count}; 1 without one. */
    int attempt() {
        String count = header("x-envoy-attempt-count");
        return count == null ? 1 : Integer.parseInt(count);
    }
}
