package io.inmesh.servlet.internal.answer;

import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the header {@code Server}.
 *
 * @param kept whether that of the server, or without one that of the container, goes through
 * @param name what replaces it; null takes it away
 */
public record ServerHeader(boolean kept, @Nullable String name) {
    /** As it comes. */
    public static final ServerHeader PASS = new ServerHeader(true, null);

    /** None but that of a container which does not let it be taken away, as Jetty, where its own settings do. */
    public static final ServerHeader REMOVE = new ServerHeader(false, null);

    /** Changes an answer that has its headers. */
    public void apply(HttpServletResponse response) {
        if (!kept && (name != null || response.containsHeader("Server"))) {
            response.setHeader("Server", name);
        }
    }
}
