package io.inmesh.okhttp;

import io.inmesh.Mesh;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.EventListener;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;

/**
 * OkHttp clients that are set for a mesh. OkHttp's own defaults are for one server: five idle connections and five
 * enqueued calls for a host, and to a client all endpoints of a service are one host.
 *
 * <pre>{@code
 * OkHttpClient client = MeshOkHttp.builder(mesh).build();
 * }</pre>
 */
public final class MeshOkHttp {
    /** Idle connections that the pool of a client keeps, to all endpoints together; more are closed, the oldest first. */
    public static final int MAX_IDLE_CONNECTIONS = 1024;

    /** How long an idle connection is kept. */
    public static final Duration KEEP_ALIVE = Duration.ofMinutes(5);

    /** Enqueued calls that run at a time, each on a thread of its own. */
    private static final int MAX_CALLS = 1024;

    private MeshOkHttp() {}

    /**
     * A builder of clients whose calls go through {@code mesh}.
     *
     * @param mesh which the caller closes
     * @throws IllegalStateException if OkHttp is too old, see {@link MeshInterceptor#MeshInterceptor(Mesh)}
     */
    public static OkHttpClient.Builder builder(Mesh mesh) {
        return builder(new MeshInterceptor(mesh));
    }

    /**
     * A builder of clients whose calls go through a mesh: with the interceptor, a {@link #networkInterceptor}, a {@linkplain
     * #connectionPool() pool}, {@link #eventListeners} and a dispatcher of its own that lets 1024 enqueued calls run at a time, to however few hosts. All else
     * is as OkHttp has it, and everything can be changed. Interceptors that are added to the builder see every attempt; to see a call once,
     * put one in front: {@code builder.interceptors().add(0, interceptor)}.
     */
    public static OkHttpClient.Builder builder(MeshInterceptor interceptor) {
        Dispatcher dispatcher = new Dispatcher();
        dispatcher.setMaxRequests(MAX_CALLS);
        dispatcher.setMaxRequestsPerHost(MAX_CALLS);
        return new OkHttpClient.Builder()
                .addInterceptor(interceptor)
                .addNetworkInterceptor(networkInterceptor())
                .eventListenerFactory(eventListeners(call -> EventListener.NONE))
                .connectionPool(connectionPool())
                .dispatcher(dispatcher);
    }

    /**
     * What makes enqueued calls carry the {@link io.inmesh.inbound.InboundContext} that is current where they are enqueued;
     * for a client with listeners of its own. With OkHttp 5.1 and older, and such listeners, it is the one that is current
     * where the call is made ({@code newCall}).
     *
     * <pre>{@code
     * builder.eventListenerFactory(MeshOkHttp.eventListeners(ownFactory));
     * }</pre>
     *
     * @param own whose listeners are told as ever
     */
    public static EventListener.Factory eventListeners(EventListener.Factory own) {
        return CallContexts.noting(own);
    }

    /**
     * What keeps OkHttp from sending an attempt again by itself where a server answers 503 with {@code Retry-After: 0}; for a
     * client that is built elsewhere. Without it a request without body is sent once more then, to the same endpoint and
     * within the same attempt.
     *
     * <pre>{@code
     * builder.addNetworkInterceptor(MeshOkHttp.networkInterceptor());
     * }</pre>
     */
    public static Interceptor networkInterceptor() {
        return SentOnce::hide;
    }

    /**
     * A new pool for clients that call a mesh: it keeps {@value #MAX_IDLE_CONNECTIONS} idle connections for
     * {@link #KEEP_ALIVE}.
     */
    public static ConnectionPool connectionPool() {
        return connectionPool(MAX_IDLE_CONNECTIONS, KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS);
    }

    static ConnectionPool connectionPool(int maxIdleConnections, long keepAlive, TimeUnit unit) {
        try {
            return PoolCleanup.pool(maxIdleConnections, keepAlive, unit);
        } catch (LinkageError hiddenOrGone) {
            return new ConnectionPool(maxIdleConnections, keepAlive, unit);
        }
    }
}
