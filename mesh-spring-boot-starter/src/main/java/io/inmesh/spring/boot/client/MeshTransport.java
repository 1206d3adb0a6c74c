package io.inmesh.spring.boot.client;

import io.inmesh.Mesh;
import io.inmesh.spring.boot.MeshProperties;
import io.inmesh.spring.boot.client.ClientSettings.Redirects;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * What all mesh clients of an application share: threads, connections, and the way to the mesh. Thread-safe.
 */
public final class MeshTransport implements AutoCloseable {
    private static final int KEPT_CLIENTS = 64;

    private final MeshBeans beans;
    private final ExecutorService executor;
    private final Dispatcher dispatcher;
    private final OpenCalls openCalls = new OpenCalls();
    private final MeshProperties.Http http;
    private final ConnectionPool connections;

    /** Those that many Spring clients can share: some applications make one for each call. */
    private final Map<ClientSettings, OkHttpClient> clients = new ConcurrentHashMap<>();

    /** All that were made: calls with other ways to connect share none. */
    private final Queue<ConnectionPool> pools = new ConcurrentLinkedQueue<>();

    /**
     * Makes a transport.
     *
     * @param executor runs calls of reactive clients; ended with this transport
     * @param maxCalls of reactive clients at a time, others wait
     * @param http for what a Spring client does not say
     */
    MeshTransport(MeshBeans beans, ExecutorService executor, int maxCalls, MeshProperties.Http http) {
        this.beans = beans;
        this.http = http;
        this.connections = connections();
        this.executor = executor;
        this.dispatcher = new Dispatcher(executor);
        dispatcher.setMaxRequests(maxCalls);
        dispatcher.setMaxRequestsPerHost(maxCalls);
    }

    /**
     * Whether the mesh routes such a call at this moment.
     *
     * @param host value of the Host header; null or empty for none, when the host of the URI counts
     */
    boolean knows(URI uri, @Nullable String host) {
        String scheme = uri.getScheme();
        String authority = uri.getRawAuthority();
        if (authority == null || !("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))) {
            return false;
        }
        Mesh mesh = beans.mesh();
        return mesh != null
                && mesh.knows(
                        scheme.toLowerCase(Locale.ROOT),
                        HostHeader.authority(authority.substring(authority.lastIndexOf('@') + 1), host));
    }

    /** Whether the mesh is there, so that no bean has to be made for a call. */
    boolean hasMesh() {
        return beans.isMade();
    }

    /** Makes the mesh, unless it is being made already. */
    void makeMesh() {
        Mesh unused = beans.mesh();
    }

    ExecutorService executor() {
        return executor;
    }

    OpenCalls openCalls() {
        return openCalls;
    }

    /**
     * A client with the settings of one Spring client, and redirects as they hold for a request; what it does not say is as
     * the properties say.
     */
    OkHttpClient client(ClientSettings wanted) {
        OkHttpClient kept = clients.get(wanted);
        if (kept != null) {
            return kept;
        }
        OkHttpClient made = made(wanted);
        if (wanted.isPlain() && clients.size() < KEPT_CLIENTS) {
            clients.put(wanted, made);
        }
        return made;
    }

    private OkHttpClient made(ClientSettings wanted) {
        Duration connect = wanted.connectTimeout() == null ? http.connectTimeout() : wanted.connectTimeout();
        Duration wait = wanted.readTimeout() == null ? http.readTimeout() : wanted.readTimeout();
        Duration read = wait == null ? Duration.ZERO : wait;
        OkHttpClient.Builder builder = new OkHttpClient.Builder()
                .dispatcher(dispatcher)
                .connectionPool(connections)
                .followRedirects(wanted.redirects() != Redirects.NONE)
                .followSslRedirects(wanted.redirects() == Redirects.ALL)
                .readTimeout(read)
                .writeTimeout(http.writeTimeout() == null ? read : http.writeTimeout());
        if (connect != null) {
            builder.connectTimeout(connect);
        }
        wanted.more().accept(builder, this::connections);
        return builder.addInterceptor(ReactiveObservations::within)
                .addInterceptor(beans.interceptor())
                .build();
    }

    /** A pool as the properties want it. */
    private ConnectionPool connections() {
        ConnectionPool pool =
                new ConnectionPool(http.maxIdleConnections(), http.keepAlive().toNanos(), TimeUnit.NANOSECONDS);
        pools.add(pool);
        return pool;
    }

    /** Ends calls that are under way, then frees what they shared. */
    @Override
    public void close() {
        openCalls.close();
        executor.shutdown();
        pools.forEach(ConnectionPool::evictAll);
    }
}
