package io.inmesh.kubernetes.internal.api;

import io.inmesh.kubernetes.internal.time.Timing;
import io.kubernetes.client.openapi.ApiClient;
import java.io.IOException;
import java.io.InterruptedIOException;
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

    // under the lock, which nobody holds while the configuration is read: that may run a program
    private @Nullable Session current;
    private @Nullable Thread reader;
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

    /** What happened to a request or to the reading of its answer, as a sentence without a full stop. */
    public String words(IOException failure) {
        return RequestFailureText.of(failure, toString());
    }

    /** Names the server for people, with its address once that is known. */
    @Override
    public String toString() {
        Session known;
        synchronized (lock) {
            known = current;
        }
        return known == null ? "the API server" : known.toString();
    }

    Session session() throws IOException {
        Session known = known(null);
        return known == null ? read() : known;
    }

    /**
     * Reads the configuration anew, unless that has been done a moment ago.
     *
     * @param used what the request went out with
     * @return the session to try now, {@code used} itself when there is none better
     */
    Session renew(Session used, IOException why) throws IOException {
        Session known = known(used);
        if (known != null) {
            return known;
        }
        Session renewed;
        try {
            renewed = read();
        } catch (IOException unreadable) {
            why.addSuppressed(unreadable);
            return used;
        }
        connections.evictAll();
        LOG.info("Reads the configuration of the API server anew, because of: {}", why.getMessage());
        return renewed;
    }

    /**
     * The session to use, which may be the distrusted one if that is new; null when the caller has to {@link #read}. Waits
     * while somebody else reads.
     *
     * @param distrusted null for none
     */
    private @Nullable Session known(@Nullable Session distrusted) throws IOException {
        synchronized (lock) {
            try {
                while (reader != null && !closed) {
                    lock.wait();
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while the configuration of the API server was read");
            }
            checkOpen();
            if (current != distrusted || (current != null && isFresh(current))) {
                return current;
            }
            reader = Thread.currentThread();
            return null;
        }
    }

    private void checkOpen() throws IOException {
        if (closed) {
            throw new IOException("the connection to the API server is closed");
        }
    }

    private boolean isFresh(Session session) {
        return timing.nanoTime() - session.readNanos() < BETWEEN_RENEWALS.toNanos();
    }

    private Session read() throws IOException {
        Session session = null;
        try {
            session = new Session(clients.call(), calls, connections, timing.nanoTime());
        } catch (IOException unreadable) {
            throw unreadable;
        } catch (LinkageError missing) {
            throw new IOException(
                    "the client for the API server needs a part of client-java that InMesh leaves out (" + missing
                            + "); whoever makes clients with client-java declares the dependency"
                            + " io.kubernetes:client-java, which brings all of it",
                    missing);
        } catch (Exception unreadable) {
            throw new IOException("the configuration of the API server cannot be read: " + unreadable, unreadable);
        } finally {
            take(session);
        }
        synchronized (lock) {
            checkOpen();
        }
        return session;
    }

    private void take(@Nullable Session session) {
        synchronized (lock) {
            reader = null;
            if (closed) {
                // It was meant for the reading, and comes too late for it.
                boolean unused = Thread.interrupted();
            } else if (session != null) {
                current = session;
            }
            lock.notifyAll();
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

    /** Ends all requests; none is made any more. Does not wait for who reads the configuration right now. Idempotent. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            if (reader != null) {
                reader.interrupt();
            }
            lock.notifyAll();
        }
        calls.cancelAll();
        connections.evictAll();
    }
}
