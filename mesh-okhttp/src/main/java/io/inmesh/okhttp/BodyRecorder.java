package io.inmesh.okhttp;

import java.io.IOException;
import java.util.function.Consumer;
import okhttp3.RequestBody;
import okio.Buffer;
import okio.BufferedSink;
import okio.ByteString;
import okio.ForwardingSink;
import okio.Okio;
import okio.Sink;
import org.jspecify.annotations.Nullable;

/**
 * Takes down the body of a request while an attempt sends it: the body is asked for its bytes as often as without, by the same
 * thread, and what it flushes is flushed. Used by the call's thread.
 */
final class BodyRecorder {
    private final long mostBytes;
    private final Consumer<@Nullable ByteString> whole;
    private boolean over;

    /**
     * Records nothing yet.
     *
     * @param whole told once, when an attempt has sent the whole body: null when it is longer than {@code mostBytes}
     */
    BodyRecorder(long mostBytes, Consumer<@Nullable ByteString> whole) {
        this.mostBytes = mostBytes;
        this.whole = whole;
    }

    /** Has a body write itself. */
    void write(RequestBody body, BufferedSink sink) throws IOException {
        if (over) {
            body.writeTo(sink);
            return;
        }
        Recording recording = new Recording(sink);
        BufferedSink both = Okio.buffer((Sink) recording);
        body.writeTo(both);
        // A body may close what it writes to.
        if (both.isOpen()) {
            both.emit();
        }
        if (!over) {
            over = true;
            whole.accept(recording.bytes.readByteString());
        }
    }

    private final class Recording extends ForwardingSink {
        private final Buffer bytes = new Buffer();

        Recording(Sink sink) {
            super(sink);
        }

        @Override
        public void write(Buffer source, long byteCount) throws IOException {
            if (!over && bytes.size() + byteCount > mostBytes) {
                over = true;
                bytes.clear();
                whole.accept(null);
            } else if (!over) {
                source.copyTo(bytes, 0, byteCount);
            }
            super.write(source, byteCount);
        }
    }
}
