package io.inmesh.testing;

import io.inmesh.endpoint.Endpoint;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An HTTP/1 server whose connections a test has in its hands. */
public final class RawServer implements AutoCloseable {
    /** What a connection does; it is closed when this returns. */
    @FunctionalInterface
    public interface Script {
        /** Serves one connection. */
        void run(Connection connection) throws IOException, InterruptedException;
    }

    private static final int HEADERS_FRAME = 1;

    private final ServerSocket listener;
    private final Thread acceptor;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private final BlockingQueue<Integer> ended = new LinkedBlockingQueue<>();

    /** Listens on loopback, with a thread for each connection. */
    public RawServer(Script script) throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        acceptor = new Thread(() -> accept(script), "raw-server");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    private void accept(Script script) {
        for (int index = 0; ; index++) {
            int number = index;
            try {
                Socket socket = listener.accept();
                sockets.add(socket);
                Thread connection = new Thread(() -> serve(script, socket, number), "raw-connection-" + index);
                connection.setDaemon(true);
                connection.start();
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Script script, Socket socket, int index) {
        try (socket) {
            script.run(new Connection(socket, index));
        } catch (IOException e) {
            ended.add(-1);
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ended.add(index);
    }

    /** Where it listens, or has listened. */
    public Endpoint endpoint() {
        return Rules.endpoint("127.0.0.1", listener.getLocalPort());
    }

    /** How many requests came in whole. */
    public int requestCount() {
        return requests.size();
    }

    /** How many connections were opened. */
    public int connectionCount() {
        return sockets.size();
    }

    /** Request lines and bodies, in order of arrival. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** Waits until a connection's script is over and the connection closed. */
    public void awaitClosed() throws InterruptedException {
        if (ended.poll(5, TimeUnit.SECONDS) == null) {
            throw new AssertionError("no connection was closed");
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        try {
            // As long as a thread waits on the socket, the kernel goes on taking connections in.
            acceptor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** One connection, in the hands of a script. */
    public final class Connection {
        private final Socket socket;
        private final InputStream in;
        private final int index;

        private Connection(Socket socket, int index) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
            this.index = index;
        }

        /** 0 for the first. */
        public int index() {
            return index;
        }

        /** What it runs over. */
        public Socket socket() {
            return socket;
        }

        /** Request line and body; null at the end of the connection. */
        public @Nullable String read() throws IOException {
            String line = line();
            if (line == null) {
                return null;
            }
            int length = 0;
            for (String header = line(); header != null && !header.isEmpty(); header = line()) {
                if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                    length = Integer.parseInt(header.substring(15).trim());
                }
            }
            String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
            String request = body.isEmpty() ? line : line + " " + body;
            requests.add(request);
            return request;
        }

        /** Reads the beginning of an HTTP/2 connection up to the first request's headers, and answers nothing. */
        public void readHttp2Request() throws IOException {
            read();
            in.readNBytes("SM\r\n\r\n".length());
            int type;
            do {
                byte[] head = in.readNBytes(9);
                in.readNBytes((head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | head[2] & 0xff);
                type = head[3];
            } while (type != HEADERS_FRAME);
        }

        private @Nullable String line() throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (int b = in.read(); b != '\n'; b = in.read()) {
                if (b < 0) {
                    return null;
                }
                if (b != '\r') {
                    bytes.write(b);
                }
            }
            return bytes.toString(StandardCharsets.UTF_8);
        }

        /** Sends text as it is, with CRLF for line ends. */
        public void write(String text) throws IOException {
            socket.getOutputStream().write(text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
        }

        /** Answers 200 with a body. */
        public void answer(String body) throws IOException {
            write("HTTP/1.1 200 OK\nContent-Length: " + body.length() + "\n\n" + body);
        }

        /** Makes the coming close a reset. */
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
        }
    }
}
