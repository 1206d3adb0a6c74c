package io.inmesh.spring.boot.client;

import io.inmesh.spring.boot.client.ClientSettings.Redirects;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;

/** The OkHttp clients of one Spring client, made at the first request to a host of the mesh. Thread-safe. */
final class LazyClient {
    private final Supplier<@Nullable MeshTransport> transport;
    private final Supplier<ClientSettings> settings;
    private final AtomicReference<@Nullable Made> made = new AtomicReference<>();

    private record Made(MeshTransport transport, ClientSettings settings, Map<Redirects, OkHttpClient> clients) {
        OkHttpClient following(Redirects redirects) {
            return clients.computeIfAbsent(redirects, these -> transport.client(settings.with(these)));
        }
    }

    /**
     * Makes the way to a client.
     *
     * @param transport asked at each request; null while there is none, when no host is known
     * @param settings asked once, at the first request to a host of the mesh
     */
    LazyClient(Supplier<@Nullable MeshTransport> transport, Supplier<ClientSettings> settings) {
        this.transport = transport;
        this.settings = settings;
    }

    /** See {@link MeshTransport#knows}. */
    boolean knows(URI uri, @Nullable String host) {
        MeshTransport current = transport.get();
        return current != null && current.knows(uri, host);
    }

    /**
     * The client for a request.
     *
     * @throws IllegalStateException without a transport
     */
    OkHttpClient get(HttpMethod method, URI uri) {
        Made clients = made();
        return clients.following(clients.settings().redirects().of(method, uri));
    }

    /** What the clients share. */
    MeshTransport transport() {
        return made().transport();
    }

    private Made made() {
        MeshTransport current = transport.get();
        if (current == null) {
            throw new IllegalStateException("The application context is closed");
        }
        Made before = made.get();
        if (before != null && before.transport() == current) {
            return before;
        }
        Made fresh = new Made(current, settings.get(), new ConcurrentHashMap<>());
        return made.compareAndSet(before, fresh) ? fresh : made();
    }
}
