package io.inmesh.okhttp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
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
    private volatile @Nullable EndpointSocket newest;

    /**
     * Makes a factory.
     *
     * @param configured that of the client
     * @param endpoint null to connect to what OkHttp says
     */
    EndpointSocketFactory(SocketFactory configured, @Nullable InetSocketAddress endpoint) {
        this.configured = configured;
        this.endpoint = endpoint;
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
