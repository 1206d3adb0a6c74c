package io.inmesh.spring.boot.client;

import java.net.URI;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.http.client.HttpClientSettings;

/** The OkHttp client of one Spring client, made at the first request to a host of the mesh. Thread-safe. */
final class LazyClient {
    private final MeshTransport transport;
    private final @Nullable HttpClientSettings settings;
    private final AtomicReference<@Nullable OkHttpClient> client = new AtomicReference<>();

    LazyClient(MeshTransport transport, @Nullable HttpClientSettings settings) {
        this.transport = transport;
        this.settings = settings;
    }

    /** See {@link MeshTransport#knows}. */
    boolean knows(URI uri, @Nullable String host) {
        return transport.knows(uri, host);
    }

    OpenCalls openCalls() {
        return transport.openCalls();
    }

    OkHttpClient get() {
        OkHttpClient made = client.get();
        if (made != null) {
            return made;
        }
        OkHttpClient fresh = transport.client(settings);
        OkHttpClient first = client.compareAndExchange(null, fresh);
        return first == null ? fresh : first;
    }
}
