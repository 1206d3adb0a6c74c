package io.inmesh.spring.boot.client;

import io.inmesh.spring.boot.client.ClientSettings.Redirects;
import java.net.URI;
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

    private record Made(MeshTransport transport, OkHttpClient gets, OkHttpClient others) {
        static Made by(MeshTransport transport, ClientSettings settings) {
            OkHttpClient gets = transport.client(settings);
            OkHttpClient others =
                    settings.redirects() == Redirects.OF_GET ? transport.client(settings.with(Redirects.NONE)) : gets;
            return new Made(transport, gets, others);
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
     * The client for requests of a method.
     *
     * @throws IllegalStateException without a transport
     */
    OkHttpClient get(HttpMethod method) {
        Made clients = made();
        return method.equals(HttpMethod.GET) ? clients.gets() : clients.others();
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
        Made fresh = Made.by(current, settings.get());
        return made.compareAndSet(before, fresh) ? fresh : made();
    }
}
