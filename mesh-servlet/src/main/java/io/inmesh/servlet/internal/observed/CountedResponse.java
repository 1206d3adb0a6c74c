package io.inmesh.servlet.internal.observed;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/** A response whose body is counted as it is written. */
final class CountedResponse extends HttpServletResponseWrapper {
    private final RequestBytes bytes;
    private @Nullable ServletOutputStream out;
    private @Nullable PrintWriter writer;

    private CountedResponse(HttpServletResponse response, RequestBytes bytes) {
        super(response);
        this.bytes = bytes;
    }

    /** The response itself, where it is counted already, below whatever others have put around it. */
    @SuppressWarnings("ReferenceEquality") // There is one for each request.
    static HttpServletResponse of(HttpServletResponse response, RequestBytes bytes) {
        for (ServletResponse one = response;
                one instanceof HttpServletResponseWrapper wrapper;
                one = wrapper.getResponse()) {
            if (one instanceof CountedResponse counted && counted.bytes == bytes) {
                return response;
            }
        }
        return new CountedResponse(response, bytes);
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        ServletOutputStream known = out;
        if (known == null) {
            known = new CountedOutput(super.getOutputStream(), bytes);
            out = known;
        }
        return known;
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        PrintWriter known = writer;
        if (known == null) {
            PrintWriter delegate = super.getWriter();
            known = new CountedWriter(delegate, Charset.forName(getCharacterEncoding()), bytes);
            writer = known;
        }
        return known;
    }

    @Override
    public void flushBuffer() throws IOException {
        try {
            super.flushBuffer();
        } catch (IOException clientGone) {
            bytes.broken();
            throw clientGone;
        }
    }

    @Override
    public void reset() {
        super.reset();
        out = null;
        writer = null;
        bytes.reset();
    }

    @Override
    public void resetBuffer() {
        super.resetBuffer();
        bytes.reset();
    }

    /** Throws away what is in the buffer. */
    @Override
    public void sendRedirect(String location) throws IOException {
        super.sendRedirect(location);
        bytes.reset();
    }

    @Override
    public void sendError(int status) throws IOException {
        super.sendError(status);
        bytes.sentError();
    }

    @Override
    public void sendError(int status, String message) throws IOException {
        super.sendError(status, message);
        bytes.sentError();
    }
}
