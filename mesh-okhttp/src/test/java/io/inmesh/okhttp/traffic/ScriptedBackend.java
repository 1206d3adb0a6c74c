package io.inmesh.okhttp.traffic;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 server that does what the request says: header {@code x-plan} has a {@link ScriptedAnswer} for attempt 1, 2,
 * ... with {@code |} between them, the last one repeating; {@code x-plan-at} has {@code PORT=STEP;...}, which comes first at
 * that port. Without them it does what {@link #plan} says, and answers 200 where that says nothing. The body of an answer is
 * the backend's name, and so is header {@code x-backend}. A thread a connection, with keep-alive.
 */
final class ScriptedBackend implements AutoCloseable {
    private static final Set<Integer> WITHOUT_BODY = Set.of(204, 304);

    private final String name;
    private final ServerSocket listener;
    private final Consumer<SeenRequest> ledger;
    private final Thread acceptor;
    private final Set<Link> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final List<SeenRequest> requests = new CopyOnWriteArrayList<>();
    private final BlockingQueue<SeenRequest> untaken = new LinkedBlockingQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile String plan = "200";
    private volatile int idleMillis;
    private volatile boolean draining;

    /** A connection, and whether a request on it is being worked on; guarded by itself. */
    private static final class Link {
        private final Socket socket;
        private boolean busy;

        Link(Socket socket) {
            this.socket = socket;
        }
    }

    private ScriptedBackend(String name, String address, int port, Consumer<SeenRequest> ledger) throws IOException {
        this.name = name;
        this.ledger = ledger;
        listener = new ServerSocket();
        try {
            listener.bind(new InetSocketAddress(InetAddress.getByName(address), port), 200);
        } catch (IOException taken) {
            listener.close();
            throw new IOException(address + ":" + port + ": " + taken.getMessage(), taken);
        }
        acceptor = new Thread(this::accept, name);
        acceptor.setDaemon(true);
        acceptor.start();
    }

    /** A backend at a free port of 127.0.0.1. */
    static ScriptedBackend start(String name) throws IOException {
        return new ScriptedBackend(name, "127.0.0.1", 0, seen -> {});
    }

    /**
     * A backend at a place of the caller's.
     *
     * @param ledger told each request once it is read, before it is answered
     * @throws IOException when somebody else listens there
     */
    static ScriptedBackend at(String name, String address, int port, Consumer<SeenRequest> ledger) throws IOException {
        return new ScriptedBackend(name, address, port, ledger);
    }

    /** What it does with requests that bring no plan of their own, from here on. */
    ScriptedBackend plan(String newPlan) {
        ScriptedAnswer.of(newPlan, 1);
        plan = newPlan;
        return this;
    }

    /** Closes connections, from here on, on which nothing has come for that long. */
    ScriptedBackend idleTimeout(int millis) {
        idleMillis = millis;
        return this;
    }

    int port() {
        return listener.getLocalPort();
    }

    /** How many connections were opened. */
    int connections() {
        return connections.get();
    }

    /** Requests that came in whole, in order of arrival. An answered one is among them. */
    List<SeenRequest> requests() {
        return List.copyOf(requests);
    }

    /** The next request that has not been taken yet, which may still be on its way. */
    SeenRequest take() throws InterruptedException {
        SeenRequest request = untaken.poll(5, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("no request came to " + name);
        }
        return request;
    }

    private void accept() {
        try {
            while (true) {
                Link link = new Link(listener.accept());
                open.add(link);
                int number = connections.getAndIncrement();
                Thread connection = new Thread(() -> serve(link, number), name + "-" + number);
                connection.setDaemon(true);
                connection.start();
            }
        } catch (IOException over) {
            // Closed.
        }
    }

    private void serve(Link link, int number) {
        try (Socket socket = link.socket) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(idleMillis);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (SeenRequest request = read(in, number); request != null && begin(link); request = read(in, number)) {
                untaken.add(request);
                requests.add(request);
                ledger.accept(request);
                if (!answer(socket, request) || !end(link)) {
                    return;
                }
            }
        } catch (IOException gone) {
            // The caller's business.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(link);
        }
    }

    /** False for a request that has come too late: it is not worked on. */
    private boolean begin(Link link) {
        synchronized (link) {
            link.busy = !draining;
            return link.busy;
        }
    }

    private boolean end(Link link) {
        synchronized (link) {
            link.busy = false;
            return !draining;
        }
    }

    private @Nullable SeenRequest read(InputStream in, int connection) throws IOException {
        String line = line(in);
        if (line == null) {
            return null;
        }
        String[] words = line.split(" ", -1);
        Map<String, List<String>> headers = new TreeMap<>();
        for (String header = line(in); header != null && !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            headers.computeIfAbsent(header.substring(0, colon).toLowerCase(Locale.ROOT), none -> new ArrayList<>())
                    .add(header.substring(colon + 1).strip());
        }
        return new SeenRequest(name, connection, words[0], words[1], headers, body(in, headers), System.nanoTime());
    }

    private static long body(InputStream in, Map<String, List<String>> headers) throws IOException {
        if (!headers.containsKey("transfer-encoding")) {
            int length = Integer.parseInt(
                    headers.getOrDefault("content-length", List.of("0")).get(0));
            return whole(in, length);
        }
        long length = 0;
        while (true) {
            String size = line(in);
            int chunk = size == null ? 0 : Integer.parseInt(size, 16);
            length += whole(in, chunk);
            if (line(in) == null || chunk == 0) {
                return length;
            }
        }
    }

    private static int whole(InputStream in, int length) throws IOException {
        if (in.readNBytes(length).length < length) {
            throw new IOException("the caller has gone in the middle of a body");
        }
        return length;
    }

    private static @Nullable String line(InputStream in) throws IOException {
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

    /** Whether the connection goes on. */
    private boolean answer(Socket socket, SeenRequest request) throws IOException, InterruptedException {
        ScriptedAnswer answer = scripted(request);
        pass(answer.delayMillis());
        if (answer.status() == 0) {
            if (answer.reset()) {
                socket.setSoLinger(true, 0);
            }
            return false;
        }
        boolean bodiless =
                WITHOUT_BODY.contains(answer.status()) || request.method().equals("HEAD");
        StringBuilder head = new StringBuilder();
        head.append("HTTP/1.1 ")
                .append(answer.status())
                .append(" Scripted\r\nx-backend: ")
                .append(name);
        answer.headers().forEach(line -> head.append("\r\n").append(line));
        if (!bodiless) {
            head.append("\r\ncontent-length: ").append(name.length());
        }
        head.append("\r\n\r\n");
        if (bodiless || answer.bodyDelayMillis() == 0) {
            write(socket, bodiless ? head.toString() : head.append(name).toString());
        } else {
            write(socket, head.toString());
            pass(answer.bodyDelayMillis());
            write(socket, name);
        }
        return closed.getCount() > 0;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private ScriptedAnswer scripted(SeenRequest request) {
        String at = request.header("x-plan-at");
        if (at != null) {
            for (String entry : at.split(";", -1)) {
                int equals = entry.indexOf('=');
                if (Integer.parseInt(entry.substring(0, equals).strip()) == port()) {
                    return ScriptedAnswer.of(entry.substring(equals + 1), request.attempt());
                }
            }
        }
        String own = request.header("x-plan");
        return ScriptedAnswer.of(own == null ? plan : own, request.attempt());
    }

    /** The script's own time, cut short by the end of the test. */
    private void pass(long millis) throws InterruptedException {
        if (millis > 0) {
            boolean over = closed.await(millis, TimeUnit.MILLISECONDS);
            if (over) {
                throw new InterruptedException("the backend is closed");
            }
        }
    }

    /** No connection is taken any more, as at SIGTERM; those that are open go on. */
    private void stopListening() throws IOException {
        listener.close();
        try {
            // As long as a thread waits on the socket, the kernel goes on taking connections in.
            acceptor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends as a good server does at SIGTERM: what is being worked on is answered, all else is closed. */
    void drain() throws IOException {
        draining = true;
        stopListening();
        for (Link link : open) {
            synchronized (link) {
                if (!link.busy) {
                    link.socket.close();
                }
            }
        }
    }

    /** All connections end at once, with RST, as at the end of a process in the middle of its work. */
    void kill() throws IOException {
        stopListening();
        for (Link link : open) {
            link.socket.setSoLinger(true, 0);
        }
        close();
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        stopListening();
        for (Link link : open) {
            link.socket.close();
        }
    }
}
