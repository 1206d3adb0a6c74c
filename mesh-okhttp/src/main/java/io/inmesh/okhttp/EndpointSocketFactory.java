package io.inmesh.okhttp;

import io.inmesh.call.ConnectionSettings;
import io.inmesh.okhttp.internal.time.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.function.LongSupplier;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes the sockets of one attempt: wherever OkHttp thinks it connects to, they connect to the endpoint, if the attempt
 * has one. There is one factory an attempt, and OkHttp keeps it with each connection made from it; that is how a pooled
 * connection is told from a new one, and how its socket is found again under TLS.
 */
final class EndpointSocketFactory extends SocketFactory {
    private final SocketFactory configured;
    private final @Nullable InetSocketAddress endpoint;
    private final @Nullable ConnectionSettings settings;
    private final LongSupplier ticker;
    private volatile @Nullable EndpointSocket newest;

    /** Makes a factory of which rules say nothing. */
    EndpointSocketFactory(SocketFactory configured, @Nullable InetSocketAddress endpoint) {
        this(configured, endpoint, null, Ticker.SYSTEM);
    }

    /**
     * Makes a factory.
     *
     * @param configured that of the client
     * @param endpoint null to connect to what OkHttp says
     * @param settings how connections are made and kept; null for as the client has it
     */
    EndpointSocketFactory(
            SocketFactory configured,
            @Nullable InetSocketAddress endpoint,
            @Nullable ConnectionSettings settings,
            LongSupplier ticker) {
        this.configured = configured;
        this.endpoint = endpoint;
        this.settings = settings;
        this.ticker = ticker;
    }

    /** Whether its connections count what they carry. */
    boolean limitsLife() {
        return settings != null;
    }

    /** Whether a rule, and not a pool that is too small, has each connection carry few requests. */
    boolean opensOnPurpose() {
        return settings != null && settings.maxRequests() > 0;
    }

    @Nullable
    InetSocketAddress endpoint() {
        return endpoint;
    }

    /** The last socket made; of several, only the last can have become a connection. */
    @Nullable
    EndpointSocket newest() {
        return newest;
    }

    @Override
    public Socket createSocket() throws IOException {
        EndpointSocket socket = configured == SocketFactory.getDefault()
                ? EndpointSocket.open(endpoint)
                : EndpointSocket.over(configured.createSocket(), endpoint);
        if (settings != null) {
            socket.livesAs(new ConnectionLife(settings, ticker));
            if (settings.keepalive() != null) {
                socket.probedAs(settings.keepalive());
            }
        }
        newest = socket;
        return socket;
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port), null);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return connected(new InetSocketAddress(host, port), new InetSocketAddress(localHost, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port), null);
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        return connected(new InetSocketAddress(address, port), new InetSocketAddress(localAddress, localPort));
    }

    private Socket connected(InetSocketAddress remote, @Nullable InetSocketAddress local) throws IOException {
        Socket socket = createSocket();
        try {
            if (local != null) {
                socket.bind(local);
            }
            socket.connect(remote);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
