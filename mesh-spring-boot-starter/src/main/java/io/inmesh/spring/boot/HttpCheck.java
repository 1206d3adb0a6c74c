package io.inmesh.spring.boot;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Finds values under {@code mesh.http} that no client can be made with. */
final class HttpCheck {
    private static final String PREFIX = "mesh.http.";

    private HttpCheck() {}

    static void check(MeshProperties.Http http, PropertyProblems problems) {
        if (http.maxIdleConnections() < 0) {
            problems.error(
                    PREFIX + "max-idle-connections",
                    http.maxIdleConnections() + " is not a number of connections",
                    "write 0 to keep none, or as many as there are endpoints in use at least");
        }
        if (http.keepAlive().isZero() || http.keepAlive().isNegative()) {
            problems.error(
                    PREFIX + "keep-alive",
                    "no connection can be kept for this long",
                    "write a duration such as 5m, or set mesh.http.max-idle-connections to 0 to keep none");
        }
        notNegative(http.connectTimeout(), "connect-timeout", problems);
        notNegative(http.readTimeout(), "read-timeout", problems);
        notNegative(http.writeTimeout(), "write-timeout", problems);
    }

    private static void notNegative(@Nullable Duration timeout, String name, PropertyProblems problems) {
        if (timeout != null && timeout.isNegative()) {
            problems.error(
                    PREFIX + name, "a timeout cannot be negative", "write a duration such as 2s, or 0s for no limit");
        }
    }
}
