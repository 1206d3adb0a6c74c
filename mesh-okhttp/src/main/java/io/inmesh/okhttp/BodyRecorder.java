package io.inmesh.okhttp;

import java.io.IOException;
import java.util.function.Consumer;
import okhttp3.RequestBody;
import okio.BufferedSink;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** Takes down the body of a request while an attempt sends it. Used by the call's thread. */
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
        CopyingSink recording = new CopyingSink(sink, mostBytes, () -> {
            over = true;
            whole.accept(null);
        });
        recording.take(body);
        if (!over) {
            over = true;
            whole.accept(recording.copy().readByteString());
        }
    }
}
