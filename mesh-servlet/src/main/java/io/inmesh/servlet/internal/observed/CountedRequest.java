package io.inmesh.servlet.internal.observed;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A request whose body is counted as it is read as a stream, and that tells when it becomes asynchronous. */
final class CountedRequest extends HttpServletRequestWrapper {
    private final RequestBytes bytes;
    private final ObservedRequest observed;
    private @Nullable ServletInputStream in;

    private CountedRequest(HttpServletRequest request, RequestBytes bytes, ObservedRequest observed) {
        super(request);
        this.bytes = bytes;
        this.observed = observed;
    }

    /** The request itself, where it tells this one already, below whatever others have put around it. */
    @SuppressWarnings("ReferenceEquality") // There is one for each request.
    static HttpServletRequest of(HttpServletRequest request, RequestBytes bytes, ObservedRequest observed) {
        for (ServletRequest one = request;
                one instanceof HttpServletRequestWrapper wrapper;
                one = wrapper.getRequest()) {
            if (one instanceof CountedRequest counted && counted.observed == observed) {
                return request;
            }
        }
        return new CountedRequest(request, bytes, observed);
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        ServletInputStream known = in;
        if (known == null) {
            known = new Counted(super.getInputStream(), bytes);
            in = known;
        }
        return known;
    }

    @Override
    public AsyncContext startAsync() {
        AsyncContext started = super.startAsync();
        observed.asyncStarted(started);
        return started;
    }

    @Override
    public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
        AsyncContext started = super.startAsync(request, response);
        observed.asyncStarted(started);
        return started;
    }

    private static final class Counted extends ServletInputStream {
        private interface Read {
            int now() throws IOException;
        }

        private final ServletInputStream delegate;
        private final RequestBytes bytes;

        Counted(ServletInputStream delegate, RequestBytes bytes) {
            this.delegate = delegate;
            this.bytes = bytes;
            bytes.streamed();
        }

        private int read(Read read) throws IOException {
            try {
                return read.now();
            } catch (IOException failure) {
                bytes.readFailed(failure);
                throw failure;
            }
        }

        @Override
        public int read() throws IOException {
            int next = read(delegate::read);
            bytes.read(next < 0 ? 0 : 1);
            return next;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int got = read(() -> delegate.read(into, offset, length));
            bytes.read(got);
            return got;
        }

        @Override
        public int readLine(byte[] into, int offset, int length) throws IOException {
            int got = read(() -> delegate.readLine(into, offset, length));
            bytes.read(got);
            return got;
        }

        @Override
        public long skip(long count) throws IOException {
            long skipped = delegate.skip(count);
            bytes.read(skipped);
            return skipped;
        }

        @Override
        public int available() throws IOException {
            return delegate.available();
        }

        @Override
        public void close() throws IOException {
            delegate.close();
        }

        @Override
        public boolean isFinished() {
            return delegate.isFinished();
        }

        @Override
        public boolean isReady() {
            return delegate.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            delegate.setReadListener(listener);
        }
    }
}
