package io.inmesh.okhttp;

import io.inmesh.call.AttemptTraffic;
import io.inmesh.call.CallEnd;
import io.inmesh.event.Outcome;
import java.io.IOException;
import java.lang.ref.Reference;
import okhttp3.MediaType;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import okio.ForwardingSource;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/**
 * A response body that ends its attempt when it has been read, has failed or is closed, whichever is first; or when the
 * caller has dropped it, and all that was made of it.
 */
final class TrackedResponseBody extends ResponseBody {
    private final @Nullable MediaType contentType;
    private final long contentLength;
    private final BufferedSource source;
    private final @Nullable Reference<?> reachable;

    /**
     * Wraps a body.
     *
     * @param contentType of the response's headers as the caller sees them
     * @param attempt that the body is of
     * @param answered outcome unless reading fails
     */
    TrackedResponseBody(
            ResponseBody body, @Nullable MediaType contentType, OkHttpAttempt attempt, CallEnd end, Outcome answered) {
        this.contentType = contentType;
        this.contentLength = body.contentLength();
        ForwardingSource tracked = new ForwardingSource(body.source()) {
            private final @Nullable AttemptTraffic traffic = attempt.traffic();
            private long left = contentLength;
            private long received;

            @Override
            public long read(Buffer sink, long byteCount) throws IOException {
                long got;
                try {
                    got = super.read(sink, byteCount);
                } catch (IOException e) {
                    IOException told = end.translate(ClientTimeout.of(e));
                    attempt.bodyOver();
                    if (traffic != null) {
                        // OkHttp tells the bytes of a body that has ended or was closed, and none of one that fails.
                        traffic.responseBytes(received);
                    }
                    end.ended(attempt.classifyFailure(e));
                    throw told;
                } finally {
                    Reference.reachabilityFence(this);
                }
                if (got > 0) {
                    received += got;
                }
                if (got > 0 && left > 0) {
                    left -= got;
                }
                if (got < 0 || left == 0) {
                    attempt.bodyOver();
                    end.ended(answered);
                }
                return got;
            }

            @Override
            public void close() throws IOException {
                // Closing can take a moment, and the request that the caller's client sends after it, to follow
                // a redirect, would be cancelled with the call.
                attempt.bodyOver();
                try {
                    super.close();
                } finally {
                    end.ended(answered);
                    Reference.reachabilityFence(this);
                }
            }
        };
        this.reachable = end.endWhenUnreachable(tracked, answered);
        this.source = Okio.buffer(tracked);
    }

    /** Is cleared when nobody can read the body any more; null when nobody looks. */
    @Nullable
    Reference<?> reachable() {
        return reachable;
    }

    @Override
    public @Nullable MediaType contentType() {
        return contentType;
    }

    @Override
    public long contentLength() {
        return contentLength;
    }

    @Override
    public BufferedSource source() {
        return source;
    }
}
