package io.inmesh.kubernetes.internal.api;

import java.io.Closeable;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import okhttp3.Protocol;
import okhttp3.Response;
import okio.BufferedSource;

/** A good answer whose body is still to be read. Not thread-safe. */
public final class ApiResponse implements Closeable {
    private final Response response;

    ApiResponse(Response response) {
        this.response = response;
    }

    /** The body as it comes in. */
    public BufferedSource body() {
        return response.body().source();
    }

    /** Whether a dead connection is noticed by itself, by the pings of HTTP/2. */
    public boolean pinged() {
        return response.protocol() == Protocol.HTTP_2;
    }

    /** From now on, reading fails when no byte has come for so long. */
    public void readTimeout(Duration silence) {
        body().timeout().timeout(silence.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Reading fails when so long has passed from now, whether bytes come or not. */
    public void deadline(Duration time) {
        body().timeout().deadline(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Takes the deadline away. */
    public void clearDeadline() {
        body().timeout().clearDeadline();
    }

    /** Ends the answer, read or not. */
    @Override
    public void close() {
        response.close();
    }
}
