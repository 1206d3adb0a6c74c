package io.inmesh.spring.boot.soak;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLSocketFactory;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Protocol;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/** One server of a soak, which can be restarted on its port. */
final class SoakEndpoint implements AutoCloseable {
    /** Below the ports that systems give to callers, one of which could take a server's while that is away. */
    private static final int FIRST_PORT = 20_000;

    private static final int PORTS = 10_000;
    private static final long NOTICED_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int SMALL_BYTES = 1 << 10;
    private static final int BIG_BYTES = 1 << 17;
    private static final Buffer SMALL = new Buffer().write(new byte[SMALL_BYTES]);
    private static final Buffer BIG = new Buffer().write(new byte[BIG_BYTES]);

    private final Protocol protocol;
    private final @Nullable SSLSocketFactory tls;
    private final int port;
    private final LongAdder requests = new LongAdder();
    private volatile Running running;
    private volatile Restart lastRestart = new Restart(0, 0, 0);

    private record Running(MockWebServer server, ServerSockets sockets) {}

    /** In nanoTime: before the first connection was closed, after the last one, when new ones were taken again. */
    private record Restart(long begun, long closed, long back) {}

    SoakEndpoint(Protocol protocol, @Nullable SSLSocketFactory tls, Random random) throws IOException {
        this.protocol = protocol;
        this.tls = tls;
        this.port = freePort(random);
        this.running = start();
    }

    private static int freePort(Random random) throws IOException {
        for (int i = 0; i < PORTS; i++) {
            try (ServerSocket socket =
                    new ServerSocket(FIRST_PORT + random.nextInt(PORTS), 1, InetAddress.getByName("127.0.0.1"))) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                continue;
            }
        }
        throw new IOException("no free port from " + FIRST_PORT);
    }

    private Running start() throws IOException {
        MockWebServer server = new MockWebServer();
        ServerSockets sockets = new ServerSockets();
        server.setServerSocketFactory(sockets);
        server.setProtocols(protocol == Protocol.HTTP_2 ? List.of(protocol, Protocol.HTTP_1_1) : List.of(protocol));
        if (tls != null) {
            server.useHttps(tls);
        }
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
                // The server keeps every request until somebody takes it.
                server.takeRequest(0, TimeUnit.MILLISECONDS);
                requests.increment();
                return answer(request);
            }
        });
        server.start(InetAddress.getByName("127.0.0.1"), port);
        return new Running(server, sockets);
    }

    /** Path {@code /kind/id}: the answer begins with the id in angle brackets, its kind says what it is like. */
    private static MockResponse answer(RecordedRequest request) {
        List<String> path = request.getUrl().pathSegments();
        String text = "<" + path.get(1) + ">";
        Buffer sent = request.getBody() == null ? new Buffer() : new Buffer().write(request.getBody());
        MockResponse.Builder answer = new MockResponse.Builder();
        if (sent.size() > 0 && !sent.readUtf8().equals(text)) {
            return answer.code(400).body("another call's body").build();
        }
        Buffer body = new Buffer().writeUtf8(text);
        boolean big = path.get(0).equals("big");
        body.write((big ? BIG : SMALL).clone(), big ? BIG_BYTES : SMALL_BYTES);
        answer.body(body);
        switch (path.get(0)) {
            case "slow" -> answer.throttleBody(256, 5, TimeUnit.MILLISECONDS);
            case "late" -> answer.headersDelay(30, TimeUnit.MILLISECONDS);
            case "redirect" ->
                answer.code(request.getMethod().equals("POST") ? 307 : 302)
                        .setHeader("Location", "/answer/" + path.get(1));
            case "elsewhere" ->
                answer.code(request.getMethod().equals("POST") ? 307 : 302)
                        .setHeader("Location", "http://" + SoakFleet.PLAIN + "/answer/" + path.get(1));
            default -> {}
        }
        return answer.build();
    }

    int port() {
        return port;
    }

    /** Requests that came in so far. */
    long requests() {
        return requests.sum();
    }

    int openConnections() {
        return running.sockets().open();
    }

    /**
     * Closes all connections in the middle of whatever they do and is away for a while.
     *
     * @param reset whether connections are reset rather than ended
     */
    void restart(boolean reset, long awayMillis) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        lastRestart = new Restart(begun, begun + TimeUnit.HOURS.toNanos(1), begun + TimeUnit.HOURS.toNanos(1));
        running.sockets().closeAll(reset);
        running.sockets().awaitClosed();
        long closed = System.nanoTime();
        lastRestart = new Restart(begun, closed, begun + TimeUnit.HOURS.toNanos(1));
        stop();
        Thread.sleep(awayMillis);
        running = start();
        lastRestart = new Restart(begun, closed, System.nanoTime());
    }

    /**
     * Whether connections were closed between two times in nanoTime. By HTTP/1.1 a caller looks at a connection before it
     * uses it; by HTTP/2 a thread that reads has to tell it.
     */
    boolean closedConnections(long from, long to) {
        Restart restart = lastRestart;
        long noticed = restart.closed() + (protocol == Protocol.HTTP_1_1 ? 0 : NOTICED_NANOS);
        return from - noticed <= 0 && to - restart.begun() >= 0;
    }

    /** How long before a time in nanoTime the last connection was closed. */
    long sinceClosed(long time) {
        return time - lastRestart.closed();
    }

    /** Whether it took no connections at some moment between two times in nanoTime. */
    boolean wasAway(long from, long to) {
        Restart restart = lastRestart;
        return from - restart.back() <= 0 && to - restart.begun() >= 0;
    }

    private void stop() {
        try {
            running.server().close();
        } catch (AssertionError stillAnswering) {
            // It has waited half a second for handlers that write to closed connections; they end by themselves.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        running.sockets().closeAll(false);
        stop();
    }
}
