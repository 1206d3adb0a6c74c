package io.inmesh.kubernetes.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;

/** Listens on ports of the loopback address. */
record LoopbackPorts(ServerSocketFactory sockets) {
    /**
     * Listens; tries for seconds, since a client that tries to connect to a port of this range can be given that very port,
     * and hold it for a moment.
     *
     * @param at 0 for any port that is free
     */
    ServerSocket listen(int at) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (true) {
            try {
                return bind(at);
            } catch (IOException unusable) {
                if (System.nanoTime() - end > 0) {
                    throw new UncheckedIOException(unusable);
                }
                Thread.onSpinWait();
            }
        }
    }

    private ServerSocket bind(int at) throws IOException {
        ServerSocket socket = sockets.createServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), at), 1000);
            return socket;
        } catch (IOException unusable) {
            socket.close();
            throw unusable;
        }
    }
}
