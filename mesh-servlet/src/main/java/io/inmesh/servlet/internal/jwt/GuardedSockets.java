package io.inmesh.servlet.internal.jwt;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.HexFormat;
import java.util.Set;
import java.util.function.Predicate;
import javax.net.SocketFactory;

/** Sockets that connect only where allowed, looked at when they do, whatever name the address came from. */
final class GuardedSockets extends SocketFactory {
    /** Where clouds tell their secrets off the link: 100.100.100.200, fd00:ec2::254, 169.254.169.254 behind NAT64. */
    private static final Set<String> METADATA =
            Set.of("646464c8", "fd000ec2000000000000000000000254", "0064ff9b0000000000000000a9fea9fe");

    private final Predicate<InetAddress> allowed;

    private GuardedSockets(Predicate<InetAddress> allowed) {
        this.allowed = allowed;
    }

    /**
     * To all but the addresses of the link, of groups and of nobody, and those at which clouds tell their secrets. This
     * machine's own are allowed: a server of keys may stand beside the application.
     */
    static GuardedSockets offTheLink() {
        return new GuardedSockets(address -> !address.isLinkLocalAddress()
                && !address.isMulticastAddress()
                && !address.isAnyLocalAddress()
                && !METADATA.contains(HexFormat.of().formatHex(address.getAddress())));
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
