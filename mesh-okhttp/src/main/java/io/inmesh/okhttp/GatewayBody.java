package io.inmesh.okhttp;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request that came in, sent as it comes: what has come is sent before more is waited for. Its beginning is
 * kept, so that the request can be sent again as long as no more than that was taken. Used by the call's thread.
 */
final class GatewayBody extends RequestBody {
    private static final int CHUNK = 8192;

    private final GatewayRequest.Content content;
    private final int mostKept;
    private @Nullable InputStream in;
    private byte[] kept = new byte[0];
    private int keptSize;
    private long taken;
    private boolean ended;
    private @Nullable IOException failure;

    /**
     * Makes a body.
     *
     * @param mostKept bytes of the beginning that are kept at most
     */
    GatewayBody(GatewayRequest.Content content, int mostKept) {
        this.content = content;
        this.mostKept = mostKept;
    }

    /** Why reading it failed; null when it has not. */
    @Nullable
    IOException failure() {
        return failure;
    }

    /** The answer has begun: nothing is sent again. */
    void forget() {
        kept = new byte[0];
        keptSize = 0;
    }

    /** The header comes as it came. */
    @Override
    public @Nullable MediaType contentType() {
        return null;
    }

    @Override
    public long contentLength() {
        return content.length();
    }

    @Override
    public boolean isOneShot() {
        return failure != null || taken != keptSize;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
        if (isOneShot()) {
            throw new IOException("the beginning of the body is gone");
        }
        sink.write(kept, 0, keptSize);
        if (ended) {
            return;
        }
        InputStream body = in();
        byte[] chunk = new byte[CHUNK];
        while (true) {
            if (taken > 0 && body.available() == 0 && taken != content.length()) {
                sink.flush();
            }
            int got = read(body, chunk);
            if (got < 0) {
                return;
            }
            sink.write(chunk, 0, got);
        }
    }

    private InputStream in() throws IOException {
        InputStream known = in;
        if (known == null) {
            known = content.open();
            in = known;
        }
        return known;
    }

    private int read(InputStream body, byte[] chunk) throws IOException {
        try {
            int got = body.read(chunk);
            if (got < 0) {
                ended = true;
                if (content.length() >= 0 && taken < content.length()) {
                    throw new EOFException("the body ended after " + taken + " of " + content.length() + " bytes");
                }
            } else {
                keep(chunk, got);
            }
            return got;
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    private void keep(byte[] chunk, int got) {
        if (taken == keptSize && taken + got <= mostKept) {
            if (kept.length < keptSize + got) {
                kept = Arrays.copyOf(kept, Math.min(mostKept, Math.max(keptSize + got, kept.length * 2)));
            }
            System.arraycopy(chunk, 0, kept, keptSize, got);
            keptSize += got;
        }
        taken += got;
        if (taken != keptSize) {
            forget();
        }
    }
}
