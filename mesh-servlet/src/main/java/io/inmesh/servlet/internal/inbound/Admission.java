package io.inmesh.servlet.internal.inbound;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Lets a request in to the application, or answers it. Thread-safe; asked once for a request, on its thread. */
@FunctionalInterface
public interface Admission extends AutoCloseable {
    /** Lets everything in. */
    Admission OPEN = (request, response) -> request;

    /**
     * Decides.
     *
     * @return the request as the application is to see it; null when it has been answered
     */
    @Nullable
    HttpServletRequest admit(HttpServletRequest request, HttpServletResponse response) throws IOException;

    /** A request that was let in, in a later dispatch, as the application is to see it. */
    default HttpServletRequest again(HttpServletRequest request) {
        return request;
    }

    /** Ends what runs in the background. */
    @Override
    default void close() {}
}
