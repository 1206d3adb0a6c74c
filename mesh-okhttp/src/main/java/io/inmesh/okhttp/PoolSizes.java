package io.inmesh.okhttp;

import java.lang.reflect.Field;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import okhttp3.ConnectionPool;

/**
 * Notices a connection pool that keeps fewer idle connections than there are endpoints in use: calls that go to one
 * after the other then open a connection each. Told of new connections only, so a call on a pooled one costs nothing.
 * Says it once; thread-safe.
 */
final class PoolSizes {
    private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** A start, or pods that are replaced, opens a connection or two to each endpoint; a pool that is too small, many. */
    private static final int OPENED_TO_EACH = 3;

    private final LongSupplier ticker;
    private final Consumer<String> warnings;
    private final Map<ConnectionPool, Opened> pools = new WeakHashMap<>();
    private volatile boolean told;

    PoolSizes(LongSupplier ticker, Consumer<String> warnings) {
        this.ticker = ticker;
        this.warnings = warnings;
    }

    /** What was opened for one pool since a moment. */
    private static final class Opened {
        private final int maxIdle;
        private final Set<InetSocketAddress> endpoints = new HashSet<>();
        private long since;
        private int connections;

        Opened(int maxIdle) {
            this.maxIdle = maxIdle;
        }
    }

    /** A connection to an endpoint was opened. */
    void opened(ConnectionPool pool, InetSocketAddress endpoint) {
        if (told) {
            return;
        }
        String warning = null;
        synchronized (this) {
            Opened opened = pools.computeIfAbsent(pool, key -> new Opened(maxIdleConnections(key)));
            long now = ticker.getAsLong();
            if (opened.connections == 0 || now - opened.since > WINDOW_NANOS) {
                opened.since = now;
                opened.connections = 0;
                opened.endpoints.clear();
            }
            opened.connections++;
            opened.endpoints.add(endpoint);
            int endpoints = opened.endpoints.size();
            if (!told && endpoints > opened.maxIdle && opened.connections >= OPENED_TO_EACH * endpoints) {
                told = true;
                pools.clear();
                warning = warning(opened.maxIdle, endpoints, opened.connections);
            }
        }
        if (warning != null) {
            warnings.accept(warning);
        }
    }

    private static String warning(int maxIdle, int endpoints, int connections) {
        return "An OkHttpClient keeps " + maxIdle + " idle connections at most, but its calls go to more endpoints: "
                + connections + " connections to " + endpoints
                + " of them were opened within a minute. Build the client"
                + " with MeshOkHttp.builder(mesh), or give it connectionPool(MeshOkHttp.connectionPool()); for the"
                + " clients of Spring Boot set mesh.http.max-idle-connections.";
    }

    /**
     * The bound of a pool. OkHttp does not tell it, so its own field is read; where that is hidden or gone, the bound is
     * taken to be large enough.
     */
    static int maxIdleConnections(ConnectionPool pool) {
        try {
            Object delegate = pool.getDelegate$okhttp();
            Field field = delegate.getClass().getDeclaredField("maxIdleConnections");
            field.setAccessible(true);
            return field.getInt(delegate);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            return Integer.MAX_VALUE;
        }
    }
}
