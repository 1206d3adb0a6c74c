package io.inmesh.okhttp;

import java.io.IOException;
import okhttp3.RequestBody;
import okio.Buffer;
import okio.BufferedSink;
import okio.ForwardingSink;
import okio.Okio;
import okio.Sink;

/**
 * Copies what a body writes while it is sent, up to a number of bytes. The body is asked for its bytes as often as without, by the
 * same thread, and what it flushes is flushed. Used by the call's thread, for one sending.
 */
final class CopyingSink extends ForwardingSink {
    private final Buffer copy = new Buffer();
    private final long mostBytes;
    private final Runnable tooLong;
    private boolean over;

    /** @param tooLong told at once when there is more than {@code mostBytes}; then nothing is copied any more */
    CopyingSink(Sink sink, long mostBytes, Runnable tooLong) {
        super(sink);
        this.mostBytes = mostBytes;
        this.tooLong = tooLong;
    }

    /** Has a body write itself; returns once it has done so as a whole. */
    void take(RequestBody body) throws IOException {
        BufferedSink both = Okio.buffer((Sink) this);
        body.writeTo(both);
        // A body may close what it writes to.
        if (both.isOpen()) {
            both.emit();
        }
    }

    /** What was written; empty when it was too long. */
    Buffer copy() {
        return copy;
    }

    @Override
    public void write(Buffer source, long byteCount) throws IOException {
        if (!over && copy.size() + byteCount > mostBytes) {
            over = true;
            copy.clear();
            tooLong.run();
        }
        if (!over) {
            source.copyTo(copy, 0, byteCount);
        }
        super.write(source, byteCount);
    }
}
