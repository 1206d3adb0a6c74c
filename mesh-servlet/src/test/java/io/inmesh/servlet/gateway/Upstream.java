package io.inmesh.servlet.gateway;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A server behind the gateway that reads and writes bytes, so that a test sees what was sent. */
final class Upstream implements AutoCloseable {
    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final Behaviour behaviour;

    /** A request as it came: the head up to the empty line, and a body if its length was told or it was chunked. */
    record Received(String head, byte[] body) {
        String line() {
            return head.substring(0, head.indexOf("\r\n"));
        }

        /** All values of a header, joined with a bar; empty without it. */
        String header(String name) {
            StringBuilder values = new StringBuilder();
            for (String line : head.split("\r\n", -1)) {
                if (line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":")) {
                    values.append(values.length() == 0 ? "" : "|")
                            .append(line.substring(name.length() + 1).strip());
                }
            }
            return values.toString();
        }

        String text() {
            return new String(body, StandardCharsets.ISO_8859_1);
        }
    }

    /** What the server does with one connection. */
    interface Behaviour {
        void serve(Connection connection) throws Exception;
    }

    /** One connection of the gateway's. */
    final class Connection {
        final Socket socket;
        private final BufferedInputStream in;
        private @Nullable Received last;

        Connection(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
        }

        /** Reads the head of a request; null at the end of the connection. */
        @Nullable
        String head() throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) {
                    return null;
                }
                head.append((char) next);
            }
            return head.toString();
        }

        /** Reads a request and tells the test of it; false at the end of the connection. */
        boolean request() throws IOException {
            String head = head();
            if (head == null) {
                return false;
            }
            Received plain = new Received(head, new byte[0]);
            byte[] body = new byte[0];
            if (plain.header("transfer-encoding").equals("chunked")) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                for (int size = chunk(); size > 0; size = chunk()) {
                    bytes.write(in.readNBytes(size));
                    in.readNBytes(2);
                }
                in.readNBytes(2);
                body = bytes.toByteArray();
            } else if (!plain.header("content-length").isEmpty()) {
                int length = Integer.parseInt(plain.header("content-length"));
                body = in.readNBytes(length);
                if (body.length < length) {
                    throw new IOException("the body ended early");
                }
            }
            last = new Received(head, body);
            received.add(last);
            return true;
        }

        /** The request that was read last. */
        Received last() {
            if (last == null) {
                throw new IllegalStateException("nothing was read");
            }
            return last;
        }

        private int chunk() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int next = in.read(); next != '\n'; next = in.read()) {
                if (next < 0) {
                    throw new IOException("the body ended early");
                }
                line.append((char) next);
            }
            return Integer.parseInt(line.toString().strip(), 16);
        }

        void skip(long bytes) throws IOException {
            in.skipNBytes(bytes);
        }

        int read() throws IOException {
            return in.read();
        }

        void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
        }
    }

    private Upstream(Behaviour behaviour) throws IOException {
        this.behaviour = behaviour;
        this.server = new ServerSocket(0, 200, InetAddress.getByName("127.0.0.1"));
        Thread acceptor = new Thread(this::accept, "upstream");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    /** A server with a behaviour for each connection, which runs on a thread of its own. */
    static Upstream serving(Behaviour behaviour) throws IOException {
        return new Upstream(behaviour);
    }

    /** A server that reads whole requests and answers each with these bytes. */
    static Upstream answering(String answer) throws IOException {
        return serving(connection -> {
            while (connection.request()) {
                connection.send(answer);
            }
        });
    }

    /** A server that answers 200 with a short text. */
    static Upstream ok() throws IOException {
        return answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    }

    int port() {
        return server.getLocalPort();
    }

    /** The next request. */
    Received take() throws InterruptedException {
        Received next = received.poll(10, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no request came");
        }
        return next;
    }

    /** How many connections have been made. */
    int connections() {
        return connections.get();
    }

    /** How many requests have come and were not taken. */
    int untaken() {
        return received.size();
    }

    /** Takes all that have come. */
    void forget() {
        received.clear();
    }

    private void accept() {
        while (true) {
            try {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                open.add(socket);
                connections.incrementAndGet();
                Thread thread = new Thread(() -> serve(socket), "upstream-connection");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            behaviour.serve(new Connection(socket));
        } catch (Exception ended) {
            // The test looks at what the client saw.
        } finally {
            open.remove(socket);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
