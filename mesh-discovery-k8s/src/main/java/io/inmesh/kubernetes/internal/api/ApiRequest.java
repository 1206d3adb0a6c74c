package io.inmesh.kubernetes.internal.api;

import java.time.Duration;
import java.util.Map;

/**
 * A GET.
 *
 * @param path from the root of the API, such as {@code /api/v1/pods}
 * @param query not yet encoded
 * @param accept content types wanted
 * @param callTimeout longest time from the start to the last byte of the answer; zero means no limit
 * @param readTimeout longest time without a byte of the answer
 */
public record ApiRequest(
        String path, Map<String, String> query, String accept, Duration callTimeout, Duration readTimeout) {
    public ApiRequest {
        query = Map.copyOf(query);
    }
}
