package io.inmesh.okhttp;

import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.Buffer;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/**
 * A body that can be taken only once, kept while it is sent for the first time, so that another attempt can send it too. Used by
 * the call's thread.
 */
final class KeptBody extends RequestBody {
    private final RequestBody body;
    private final long most;
    private boolean taken;
    private boolean tooLong;

    /** The whole body; null before it was sent, and when it is too long. */
    private @Nullable Buffer kept;

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
        return !taken || kept != null;
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
        if (kept != null) {
            sink.write(kept.snapshot());
            return;
        }
        if (taken) {
            throw new IOException("the body was sent before and could not be kept");
        }
        taken = true;
        CopyingSink keeping = new CopyingSink(sink, most, () -> tooLong = true);
        keeping.take(body);
        if (!tooLong) {
            kept = keeping.copy();
        }
    }
}
