package io.inmesh.servlet.internal.jwt;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.function.Predicate;
import javax.net.SocketFactory;

/** Sockets that connect only where allowed, looked at when they do, whatever name the address came from. */
final class GuardedSockets extends SocketFactory {
    private final Predicate<InetAddress> allowed;

    private GuardedSockets(Predicate<InetAddress> allowed) {
        this.allowed = allowed;
    }

    /** To all but the addresses of the link, of groups and of nobody, among which clouds tell their secrets. */
    static GuardedSockets offTheLink() {
        return new GuardedSockets(address ->
                !address.isLinkLocalAddress() && !address.isMulticastAddress() && !address.isAnyLocalAddress());
    }

    @Override
    public Socket createSocket() {
        return new Socket() {
            @Override
            public void connect(SocketAddress endpoint) throws IOException {
                connect(endpoint, 0);
            }

            @Override
            public void connect(SocketAddress endpoint, int timeout) throws IOException {
                if (!(endpoint instanceof InetSocketAddress internet)
                        || internet.getAddress() == null
                        || !allowed.test(internet.getAddress())) {
                    throw new ConnectException("keys are not fetched from that address");
                }
                super.connect(endpoint, timeout);
            }
        };
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return createSocket(InetAddress.getByName(host), port);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
        return createSocket(InetAddress.getByName(host), port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        Socket socket = createSocket();
        socket.connect(new InetSocketAddress(host, port));
        return socket;
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
        return createSocket(host, port);
    }
}
