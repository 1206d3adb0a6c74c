package io.inmesh.spring.boot;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Finds values under {@code mesh.http} that nothing can be made of. */
final class HttpCheck {
    private static final String PREFIX = "mesh.http.";

    /** What OkHttp takes: whole milliseconds that an int can count. */
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private static final Duration LONGEST = Duration.ofDays(24);

    private HttpCheck() {}

    static void check(MeshProperties.Http http, PropertyProblems problems) {
        if (http.maxIdleConnections() < 0) {
            problems.error(
                    PREFIX + "max-idle-connections",
                    http.maxIdleConnections() + " is not a number of connections",
                    "write 0 to keep none, or as many as there are endpoints in use at least");
        }
        if (http.keepAlive().compareTo(SHORTEST) < 0 || http.keepAlive().compareTo(LONGEST) > 0) {
            problems.error(
                    PREFIX + "keep-alive",
                    "no connection can be kept for this long",
                    "write a duration such as 5m, from 1ms to 24d, or set mesh.http.max-idle-connections to 0 to keep none");
        }
        timeout(http.connectTimeout(), "connect-timeout", problems);
        timeout(http.readTimeout(), "read-timeout", problems);
        timeout(http.writeTimeout(), "write-timeout", problems);
        if (http.retryBodySize().isNegative() || http.retryBodySize().toBytes() > Integer.MAX_VALUE) {
            problems.error(
                    PREFIX + "retry-body-size",
                    "no body of this size can be kept",
                    "write a size such as 64KB, up to 2047MB, or 0B to keep none");
        }
    }

    private static void timeout(@Nullable Duration timeout, String name, PropertyProblems problems) {
        if (timeout != null
                && !timeout.isZero()
                && (timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(LONGEST) > 0)) {
            problems.error(
                    PREFIX + name,
                    "this is no timeout",
                    "write a duration such as 2s, from 1ms to 24d, or 0s for no limit");
        }
    }
}
