package io.inmesh.servlet.internal.observed;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;

/** How much of a request and its answer has gone through. Used by the threads of the request, one after the other. */
final class RequestBytes {
    /** Tomcat sends the file that it names after the application has done. */
    private static final String FILE_TO_SEND = "org.apache.tomcat.sendfile.filename";

    private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD", "OPTIONS", "DELETE", "TRACE", "CONNECT");
    private static final int OK = 200;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    private final HttpServletRequest request;
    private long read;
    private boolean streamed;
    private long written;
    private boolean errorSent;
    private boolean readFailed;
    private volatile boolean broken;

    /** Nothing is read of the request before it is asked for. */
    RequestBytes(HttpServletRequest request) {
        this.request = request;
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

    /** The rest of the request has not come. */
    void readFailed() {
        readFailed = true;
        broken = true;
    }

    void written(long bytes) {
        written += bytes;
    }

    /** What was written has been thrown away. */
    void reset() {
        written = 0;
        errorSent = false;
    }

    /** {@code sendError} was called. */
    void sentError() {
        written = 0;
        errorSent = true;
    }

    /** The client cannot be read from, or written to. */
    void broken() {
        broken = true;
    }

    boolean clientGone() {
        return broken;
    }

    boolean errorSent() {
        return errorSent;
    }

    boolean nothingWritten() {
        return written == 0;
    }

    /** -1 when not known. */
    long ofRequest() {
        if (readFailed) {
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
        if (head || status < OK || status == NO_CONTENT || status == NOT_MODIFIED) {
            return 0;
        }
        return request.getAttribute(FILE_TO_SEND) == null ? written : -1;
    }
}
