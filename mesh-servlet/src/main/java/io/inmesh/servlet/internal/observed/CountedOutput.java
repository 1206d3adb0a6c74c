package io.inmesh.servlet.internal.observed;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;

/** A stream to the client that counts what is written. */
final class CountedOutput extends ServletOutputStream {
    private interface Write {
        void now() throws IOException;
    }

    private final ServletOutputStream delegate;
    private final RequestBytes bytes;

    CountedOutput(ServletOutputStream delegate, RequestBytes bytes) {
        this.delegate = delegate;
        this.bytes = bytes;
    }

    private void write(Write write, long length) throws IOException {
        try {
            write.now();
        } catch (IOException clientGone) {
            bytes.broken();
            throw clientGone;
        }
        bytes.written(length);
    }

    @Override
    public void write(int one) throws IOException {
        write(() -> delegate.write(one), 1);
    }

    @Override
    public void write(byte[] from) throws IOException {
        write(() -> delegate.write(from), from.length);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        write(() -> delegate.write(from, offset, length), length);
    }

    /** Text of a stream is ISO-8859-1: a byte for each character. */
    @Override
    public void print(String text) throws IOException {
        write(() -> delegate.print(text), String.valueOf(text).length());
    }

    @Override
    public void flush() throws IOException {
        write(delegate::flush, 0);
    }

    @Override
    public void close() throws IOException {
        write(delegate::close, 0);
    }

    @Override
    public boolean isReady() {
        return delegate.isReady();
    }

    @Override
    public void setWriteListener(WriteListener listener) {
        delegate.setWriteListener(listener);
    }
}
