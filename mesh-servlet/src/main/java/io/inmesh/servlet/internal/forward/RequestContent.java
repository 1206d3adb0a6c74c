package io.inmesh.servlet.internal.forward;

import io.inmesh.okhttp.GatewayRequest;
import io.inmesh.servlet.internal.request.BadRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import org.jspecify.annotations.Nullable;

/** The body of a request, with a limit. Used by the thread of the request. */
final class RequestContent implements GatewayRequest.Content {
    private static final int BAD_REQUEST = 400;

    private final HttpServletRequest request;
    private final long length;
    private final long mostBytes;
    private final @Nullable InputStream begun;

    private RequestContent(HttpServletRequest request, long length, long mostBytes, @Nullable InputStream begun) {
        this.request = request;
        this.length = length;
        this.mostBytes = mostBytes;
        this.begun = begun;
    }

    /**
     * The body of a request.
     *
     * @param mostBytes -1 for no limit
     * @return null without one
     * @throws TooLarge when its length is told and too large
     * @throws BadRequest when the method has none
     * @throws IOException when its beginning cannot be read: the client is gone, too slow, or frames it badly
     */
    static @Nullable RequestContent of(HttpServletRequest request, long mostBytes) throws IOException, BadRequest {
        long length = request.getContentLengthLong();
        if (mostBytes >= 0 && length > mostBytes) {
            throw new TooLarge(mostBytes);
        }
        InputStream begun = null;
        if (length < 0) {
            boolean framed = request.getHeader("Transfer-Encoding") != null;
            if (!framed && !request.getProtocol().startsWith("HTTP/2")) {
                return null;
            }
            // Neither a chunked body nor one of HTTP/2 says at its beginning that it is empty.
            PushbackInputStream in = new PushbackInputStream(request.getInputStream(), 1);
            int first = in.read();
            if (first < 0) {
                return null;
            }
            in.unread(first);
            begun = in;
        } else if (length == 0) {
            return null;
        }
        String method = request.getMethod();
        if (method.equals("GET") || method.equals("HEAD")) {
            throw new BadRequest(BAD_REQUEST, "a " + method + " request with a body is not sent on");
        }
        return new RequestContent(request, length, mostBytes, begun);
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public InputStream open() throws IOException {
        InputStream in = begun == null ? request.getInputStream() : begun;
        return mostBytes < 0 ? in : new Limited(in, mostBytes);
    }

    /** The body is larger than the gateway takes. */
    static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1L;

        TooLarge(long mostBytes) {
            super("the body is larger than " + mostBytes + " bytes");
        }

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }

    private static final class Limited extends FilterInputStream {
        private final long mostBytes;
        private long left;

        Limited(InputStream in, long mostBytes) {
            super(in);
            this.mostBytes = mostBytes;
            this.left = mostBytes;
        }

        @Override
        public int read() throws IOException {
            int next = in.read();
            if (next >= 0) {
                count(1);
            }
            return next;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int got = in.read(bytes, offset, length);
            if (got > 0) {
                count(got);
            }
            return got;
        }

        private void count(int got) throws TooLarge {
            left -= got;
            if (left < 0) {
                throw new TooLarge(mostBytes);
            }
        }
    }
}
