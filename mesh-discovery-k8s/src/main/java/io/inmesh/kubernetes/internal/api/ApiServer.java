package io.inmesh.kubernetes.internal.api;

import io.inmesh.kubernetes.internal.time.Timing;
import io.kubernetes.client.openapi.ApiClient;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.Response;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One API server: requests with the right credentials over connections that are shared. Thread-safe. */
public final class ApiServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);

    private static final Duration BETWEEN_RENEWALS = Duration.ofSeconds(2);
    private static final long LONGEST_ERROR_BODY = 64 * 1024;

    private final Callable<ApiClient> clients;
    private final Timing timing;
    private final Dispatcher calls = new Dispatcher();
    private final ConnectionPool connections = new ConnectionPool();
    private final Object lock = new Object();
    private @Nullable Session current;
    private boolean closed;

    /**
     * Makes a connection that is opened with the first request.
     *
     * @param clients reads configuration and credentials anew each time it is called: at first, and after an answer 401
     *     or a TLS failure
     */
    public ApiServer(Callable<ApiClient> clients) {
        this(clients, Timing.system());
    }

    /** The same, with its own clock. */
    public ApiServer(Callable<ApiClient> clients, Timing timing) {
        this.clients = clients;
        this.timing = timing;
    }

    /** Prepares a request. */
    public ApiCall call(ApiRequest request) {
        return new ApiCall(this, request);
    }

    Session session() throws IOException {
        synchronized (lock) {
            if (closed) {
                throw new IOException("the connection to the API server is closed");
            }
            if (current == null) {
                current = read();
            }
            return current;
        }
    }

    /**
     * Reads the configuration anew, unless that has been done a moment ago.
     *
     * @param used what the request went out with
     * @return the session to try now, {@code used} itself when there is none better
     */
    Session renew(Session used, IOException why) throws IOException {
        synchronized (lock) {
            Session newest = session();
            if (newest != used || timing.nanoTime() - used.readNanos() < BETWEEN_RENEWALS.toNanos()) {
                return newest;
            }
            try {
                current = read();
            } catch (IOException unreadable) {
                why.addSuppressed(unreadable);
                return used;
            }
            connections.evictAll();
            LOG.info("Reads the configuration of the API server anew, because of: {}", why.getMessage());
            return current;
        }
    }

    private Session read() throws IOException {
        try {
            return new Session(clients.call(), calls, connections, timing.nanoTime());
        } catch (IOException unreadable) {
            throw unreadable;
        } catch (Exception unreadable) {
            throw new IOException("the configuration of the API server cannot be read: " + unreadable, unreadable);
        }
    }

    ApiFailure failure(Response response) {
        return StatusReader.read(
                response.code(),
                errorBody(response),
                RetryAfter.parse(response.header("Retry-After"), response.header("Date"), timing.now()));
    }

    private static String errorBody(Response response) {
        try {
            BufferedSource body = response.body().source();
            body.request(LONGEST_ERROR_BODY);
            return body.getBuffer().readUtf8();
        } catch (IOException cut) {
            return "";
        }
    }

    /** Ends all requests; none is made any more. Idempotent. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
        }
        calls.cancelAll();
        connections.evictAll();
    }
}
