package io.inmesh.okhttp;

import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.Buffer;
import okio.BufferedSink;
import okio.ForwardingSink;
import okio.Okio;
import okio.Sink;
import org.jspecify.annotations.Nullable;

/**
 * A body that can be taken only once, kept while it is sent for the first time, so that another attempt can send it too. Used by
 * the call's thread.
 */
final class KeptBody extends RequestBody {
    private final RequestBody body;
    private final long most;
    private final Buffer kept = new Buffer();
    private boolean taken;
    private boolean whole;
    private boolean tooLong;

    /**
     * Makes a body of which nothing has been sent.
     *
     * @param most bytes; a longer one is not kept
     */
    KeptBody(RequestBody body, long most) {
        this.body = body;
        this.most = most;
    }

    /** Whether it can be sent: for the first time, or once more. */
    boolean canBeSent() {
        return !taken || whole;
    }

    @Override
    public @Nullable MediaType contentType() {
        return body.contentType();
    }

    @Override
    public long contentLength() throws IOException {
        return body.contentLength();
    }

    /** OkHttp by itself is to send it once, as without the mesh. */
    @Override
    public boolean isOneShot() {
        return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
        if (whole) {
            sink.write(kept.snapshot());
            return;
        }
        if (taken) {
            throw new IOException("the body was sent before and could not be kept");
        }
        taken = true;
        BufferedSink keeping = Okio.buffer(new Keeping(sink));
        body.writeTo(keeping);
        // A body may close what it writes to.
        if (keeping.isOpen()) {
            keeping.emit();
        }
        whole = !tooLong;
    }

    private void keep(Buffer source, long byteCount) {
        if (!tooLong && kept.size() + byteCount > most) {
            tooLong = true;
            kept.clear();
        }
        if (!tooLong) {
            source.copyTo(kept, 0, byteCount);
        }
    }

    private final class Keeping extends ForwardingSink {
        Keeping(Sink sink) {
            super(sink);
        }

        @Override
        public void write(Buffer source, long byteCount) throws IOException {
            keep(source, byteCount);
            super.write(source, byteCount);
        }
    }
}
