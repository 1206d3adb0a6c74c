package io.inmesh.spring.boot.client;

import io.inmesh.Mesh;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslOptions;

/**
 * What all mesh clients of an application share: threads, connections, and the way to the mesh. Thread-safe.
 */
final class MeshTransport implements AutoCloseable {
    private final MeshBeans beans;
    private final ExecutorService executor;
    private final Dispatcher dispatcher;
    private final ConnectionPool connections = new ConnectionPool();

    /**
     * Makes a transport.
     *
     * @param executor runs calls of reactive clients; ended with this transport
     * @param maxCalls of reactive clients at a time, others wait
     */
    MeshTransport(MeshBeans beans, ExecutorService executor, int maxCalls) {
        this.beans = beans;
        this.executor = executor;
        this.dispatcher = new Dispatcher(executor);
        dispatcher.setMaxRequests(maxCalls);
        dispatcher.setMaxRequestsPerHost(maxCalls);
    }

    /** Whether the mesh routes calls to this URI at this moment. */
    boolean knows(URI uri) {
        String scheme = uri.getScheme();
        String authority = uri.getRawAuthority();
        if (authority == null || !("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))) {
            return false;
        }
        Mesh mesh = beans.mesh();
        return mesh != null
                && mesh.knows(scheme.toLowerCase(Locale.ROOT), authority.substring(authority.lastIndexOf('@') + 1));
    }

    ExecutorService executor() {
        return executor;
    }

    /**
     * A client with the settings of one Spring client.
     *
     * @param settings null means the defaults: redirects are followed, no read timeout
     */
    OkHttpClient client(@Nullable HttpClientSettings settings) {
        HttpClientSettings wanted = settings == null ? HttpClientSettings.defaults() : settings;
        Duration read = wanted.readTimeout() == null ? Duration.ZERO : wanted.readTimeout();
        OkHttpClient.Builder builder = new OkHttpClient.Builder()
                .dispatcher(dispatcher)
                .connectionPool(connections)
                .followRedirects(wanted.redirects() != HttpRedirects.DONT_FOLLOW)
                .readTimeout(read)
                .writeTimeout(read);
        if (wanted.connectTimeout() != null) {
            builder.connectTimeout(wanted.connectTimeout());
        }
        if (wanted.sslBundle() != null) {
            secure(builder, wanted.sslBundle());
        }
        NewerSettings.apply(wanted, builder);
        return builder.addInterceptor(beans.interceptor()).build();
    }

    private static void secure(OkHttpClient.Builder builder, SslBundle bundle) {
        for (TrustManager manager : bundle.getManagers().getTrustManagers()) {
            if (manager instanceof X509TrustManager trust) {
                builder.sslSocketFactory(bundle.createSslContext().getSocketFactory(), trust);
                break;
            }
        }
        SslOptions options = bundle.getOptions();
        if (options.isSpecified()) {
            ConnectionSpec.Builder spec = new ConnectionSpec.Builder(ConnectionSpec.MODERN_TLS);
            if (options.getCiphers() != null) {
                spec.cipherSuites(options.getCiphers());
            }
            if (options.getEnabledProtocols() != null) {
                spec.tlsVersions(options.getEnabledProtocols());
            }
            builder.connectionSpecs(Arrays.asList(spec.build(), ConnectionSpec.CLEARTEXT));
        }
    }

    /** Lets calls that are under way end, then frees what they shared. */
    @Override
    public void close() {
        executor.shutdown();
        connections.evictAll();
    }
}
