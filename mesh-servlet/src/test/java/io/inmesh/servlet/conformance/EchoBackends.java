package io.inmesh.servlet.conformance;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Servers on loopback, a port each for a backend of the recordings, that answer 200 and keep the heads of the requests that
 * they have had, byte for byte.
 */
final class EchoBackends implements AutoCloseable {
    /** A backend and the head that it has had, as ISO 8859-1. */
    record Received(String backend, String head) {}

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, ServerSocket> servers = new LinkedHashMap<>();
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();

    /** The port of a backend, which listens from the first call on. */
    int port(String backend) {
        return servers.computeIfAbsent(backend, this::listen).getLocalPort();
    }

    /** The request that has come since the last call; null for none. */
    @Nullable
    Received take() {
        Received only = received.poll();
        if (!received.isEmpty()) {
            throw new AssertionError("two requests have been forwarded: " + only + " and " + received);
        }
        return only;
    }

    private ServerSocket listen(String backend) {
        try {
            ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            threads.execute(() -> accept(backend, server));
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(String backend, ServerSocket server) {
        while (!server.isClosed()) {
            try {
                Socket connection = server.accept();
                threads.execute(() -> serve(backend, connection));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(String backend, Socket connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(connection.getInputStream());
            for (String head = head(in); head != null; head = head(in)) {
                received.add(new Received(backend, head));
                connection
                        .getOutputStream()
                        .write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            }
        } catch (IOException gone) {
            // The gateway has closed the connection.
        }
    }

    /** The next head; null at the end. The recorded requests have no bodies. */
    private static @Nullable String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        for (int read = in.read(); read >= 0; read = in.read()) {
            head.append((char) read);
            if (head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) >= 0) {
                return head.toString();
            }
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        for (ServerSocket server : servers.values()) {
            server.close();
        }
        threads.shutdownNow();
    }
}
