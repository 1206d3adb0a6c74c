package io.inmesh.servlet.internal.observed;

import java.io.PrintWriter;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** A writer to the client that counts the bytes of what is written. */
final class CountedWriter extends PrintWriter {
    private static final int ASCII_END = 0x80;
    private static final int TWO_BYTES_END = 0x800;

    private final PrintWriter delegate;
    private final Charset charset;
    private final RequestBytes bytes;

    CountedWriter(PrintWriter delegate, Charset charset, RequestBytes bytes) {
        super(delegate);
        this.delegate = delegate;
        this.charset = charset;
        this.bytes = bytes;
    }

    @Override
    public void write(int c) {
        bytes.written(length(String.valueOf((char) c)));
        delegate.write(c);
    }

    @Override
    public void write(char[] from, int offset, int length) {
        bytes.written(length(CharBuffer.wrap(from, offset, length)));
        delegate.write(from, offset, length);
    }

    @Override
    public void write(String text, int offset, int length) {
        bytes.written(length(text.subSequence(offset, offset + length)));
        delegate.write(text, offset, length);
    }

    @Override
    public void println() {
        write(System.lineSeparator());
    }

    @Override
    public void flush() {
        boolean unused = checkError();
    }

    @Override
    public void close() {
        delegate.close();
    }

    /** Flushes too. What else a writer says when the client is gone. */
    @Override
    public boolean checkError() {
        boolean failed = delegate.checkError();
        if (failed) {
            bytes.broken();
        }
        return failed;
    }

    private long length(CharSequence text) {
        if (charset.equals(StandardCharsets.UTF_8)) {
            return lengthInUtf8(text);
        }
        boolean oneEach = charset.equals(StandardCharsets.ISO_8859_1) || charset.equals(StandardCharsets.US_ASCII);
        return oneEach ? text.length() : charset.encode(CharBuffer.wrap(text)).remaining();
    }

    /** The halves of a pair may come one after the other: two bytes each. */
    private static long lengthInUtf8(CharSequence text) {
        long length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ASCII_END) {
                length++;
            } else if (c < TWO_BYTES_END || Character.isSurrogate(c)) {
                length += 2;
            } else {
                length += 3;
            }
        }
        return length;
    }
}
