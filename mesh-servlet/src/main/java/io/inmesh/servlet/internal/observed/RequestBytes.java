package io.inmesh.servlet.internal.observed;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How much of a request and its answer has gone through. Used by the threads of the request, one after the other. */
final class RequestBytes {
    /** Tomcat sends the file that it names after the application has done. */
    private static final String FILE_TO_SEND = "org.apache.tomcat.sendfile.filename";

    private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD", "OPTIONS", "DELETE", "TRACE", "CONNECT");

    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private long read;
    private boolean streamed;
    private long written;
    private @Nullable IOException readFailure;
    private boolean refused;

    /** What was written when the answer was left to an error page; -1 when it was not. */
    private long leftAfter = -1;

    private volatile boolean broken;

    /** Nothing is read of the request before it is asked for. */
    RequestBytes(HttpServletRequest request, HttpServletResponse response) {
        this.request = request;
        this.response = response;
    }

    /** The application reads the body as a stream. */
    void streamed() {
        streamed = true;
    }

    void read(long bytes) {
        if (bytes > 0) {
            read += bytes;
        }
    }

    /** The rest of the request has not come, or cannot be read; the client may hear of it all the same. */
    void readFailed(IOException failure) {
        readFailure = failure;
        refused = request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) != null
                && response.getStatus() >= HttpServletResponse.SC_BAD_REQUEST;
    }

    /** Whether Tomcat has sent an error because a read failed; it takes no other answer of the application then. */
    boolean refused() {
        return refused;
    }

    /** Whether the application has thrown what its reading failed with, and so has no answer. */
    @SuppressWarnings("ReferenceEquality") // Other failures may look the same.
    boolean isFailedRead(Throwable thrown) {
        for (@Nullable Throwable one = thrown; one != null && readFailure != null; one = one.getCause()) {
            if (one == readFailure) {
                return true;
            }
        }
        return false;
    }

    /** Nothing is sent yet, and an error page is to come, unless somebody writes before. */
    void leftToErrorPage() {
        leftAfter = written;
    }

    /** A dispatch answers. */
    void dispatched() {
        leftAfter = -1;
        refused = false;
    }

    void written(long bytes) {
        written += bytes;
    }

    /** What was written has been thrown away. An error that was sent before is no longer. */
    void reset() {
        written = 0;
        leftAfter = -1;
    }

    /** {@code sendError} was called. */
    void sentError() {
        written = 0;
        leftToErrorPage();
    }

    /** The client is gone, as far as can be known. */
    void broken() {
        broken = true;
    }

    boolean clientGone() {
        return broken;
    }

    /** -1 when not known. */
    long ofRequest() {
        if (readFailure != null) {
            return read;
        }
        long told = request.getContentLengthLong();
        if (told >= 0) {
            return told;
        }
        if (streamed) {
            return read;
        }
        boolean mayHaveBody = request.getHeader("Transfer-Encoding") != null
                || (request.getProtocol().startsWith("HTTP/2") && !WITHOUT_BODY.contains(request.getMethod()));
        return mayHaveBody ? -1 : 0;
    }

    /** -1 when not known. */
    long ofResponse(int status) {
        boolean head = request.getMethod().equals("HEAD");
        if (head
                || status < HttpServletResponse.SC_OK
                || status == HttpServletResponse.SC_NO_CONTENT
                || status == HttpServletResponse.SC_NOT_MODIFIED) {
            return 0;
        }
        // Of what the container writes by itself nothing is known.
        boolean leftToContainer = refused || leftAfter == written;
        boolean elsewhere = leftToContainer && !broken && status >= HttpServletResponse.SC_BAD_REQUEST;
        return elsewhere || request.getAttribute(FILE_TO_SEND) != null ? -1 : written;
    }
}
