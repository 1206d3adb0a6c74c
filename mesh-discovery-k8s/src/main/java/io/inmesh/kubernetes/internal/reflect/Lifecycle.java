package io.inmesh.kubernetes.internal.reflect;

import io.inmesh.kubernetes.internal.api.ApiCall;
import io.inmesh.kubernetes.internal.api.ApiRequest;
import io.inmesh.kubernetes.internal.api.ApiResponse;
import io.inmesh.kubernetes.internal.api.ApiServer;
import io.inmesh.kubernetes.internal.time.Timing;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a reflector's thread may wait for, so that closing can end it. Thread-safe. */
final class Lifecycle {
    private final ApiServer server;
    private final Timing timing;
    private @Nullable ApiCall running;
    private @Nullable Thread sleeper;
    private boolean closed;

    Lifecycle(ApiServer server, Timing timing) {
        this.server = server;
        this.timing = timing;
    }

    synchronized boolean closed() {
        return closed;
    }

    /** The server, named for people. */
    String server() {
        return server.toString();
    }

    /** What happened, as a sentence without a full stop. */
    String words(IOException failure) {
        return server.words(failure);
    }

    /** Sends a request; closing ends it and the reading of its answer. */
    ApiResponse open(ApiRequest request) throws IOException {
        ApiCall call = server.call(request);
        synchronized (this) {
            if (closed) {
                throw new IOException("the reflector is closed");
            }
            running = call;
        }
        return call.execute();
    }

    /** Waits; closing ends it early. */
    void pause(Duration time) {
        synchronized (this) {
            if (closed) {
                return;
            }
            sleeper = Thread.currentThread();
        }
        try {
            timing.sleep(time);
        } catch (InterruptedException ended) {
            // Closed, or a stranger's interrupt, which is no reason to end.
        } finally {
            synchronized (this) {
                sleeper = null;
                // An interrupt that came too late must not hit the next thing waited for.
                boolean unused = Thread.interrupted();
            }
        }
    }

    synchronized void close() {
        closed = true;
        if (running != null) {
            running.cancel();
        }
        if (sleeper != null) {
            sleeper.interrupt();
        }
    }
}
