package io.inmesh.spring.boot.soak;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/** The one listening socket of a server, and all connections that came over it. Thread-safe. */
final class ServerSockets extends ServerSocketFactory {
    private final Set<Socket> connections = new HashSet<>();
    private final CountDownLatch accepting = new CountDownLatch(1);
    private @Nullable ServerSocket listener;
    private boolean closed;

    /** How many connections the other side still holds. */
    synchronized int open() {
        connections.removeIf(ServerSockets::isOver);
        return connections.size();
    }

    /**
     * The server's own view is not enough: it leaves sockets with TLS unclosed that the other side has reset. Urgent data is
     * dropped by whoever does not ask for it.
     */
    private static boolean isOver(Socket connection) {
        try {
            connection.sendUrgentData(0);
            return false;
        } catch (IOException closedOrReset) {
            return true;
        }
    }

    /**
     * Waits until no connection comes in any more: until the thread that accepts has left the system's call, the system
     * completes connections in its name.
     */
    void awaitClosed() throws InterruptedException {
        accepting.await(1, TimeUnit.SECONDS);
    }

    /** Closes the listening socket and every connection, also those that are about to come in. */
    synchronized void closeAll(boolean reset) throws IOException {
        closed = true;
        if (listener != null) {
            listener.close();
        }
        for (Socket connection : connections) {
            close(connection, reset);
        }
        connections.clear();
    }

    private static void close(Socket connection, boolean reset) throws IOException {
        try (connection) {
            if (reset && !connection.isClosed()) {
                connection.setSoLinger(true, 0);
            }
        } catch (java.net.SocketException closedMeanwhile) {
            return;
        }
    }

    private synchronized void add(Socket connection) throws IOException {
        if (closed) {
            connection.close();
            return;
        }
        // Without Nagle's algorithm, which makes every small answer take 40 ms.
        connection.setTcpNoDelay(true);
        connections.removeIf(Socket::isClosed);
        connections.add(connection);
    }

    @Override
    public synchronized ServerSocket createServerSocket() throws IOException {
        listener = new ServerSocket() {
            @Override
            public Socket accept() throws IOException {
                try {
                    Socket connection = super.accept();
                    add(connection);
                    return connection;
                } catch (IOException e) {
                    accepting.countDown();
                    throw e;
                }
            }
        };
        return listener;
    }

    @Override
    public ServerSocket createServerSocket(int port) {
        throw new IllegalStateException("not used by the server");
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) {
        throw new IllegalStateException("not used by the server");
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, InetAddress address) {
        throw new IllegalStateException("not used by the server");
    }
}
