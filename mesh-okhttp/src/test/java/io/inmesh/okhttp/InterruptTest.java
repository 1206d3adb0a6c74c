package io.inmesh.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.inmesh.endpoint.Endpoint;
import io.inmesh.event.Outcome;
import io.inmesh.okhttp.ScriptedMesh.Plan;
import io.inmesh.testing.RawServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import mockwebserver3.MockWebServer;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Threads that are interrupted during their calls: the call ends as one of OkHttp alone does, and nobody else notices.
 * Virtual threads too, where the runtime has them.
 */
class InterruptTest {
    private static HandshakeCertificates serving;
    private static HandshakeCertificates trusting;

    @RegisterExtension
    final Backends backends = new Backends();

    private volatile Thread caller;
    private volatile CountDownLatch headRead;

    @BeforeAll
    static void makeCertificates() {
        TestCertificates made = TestCertificates.make();
        serving = made.serving();
        trusting = made.trusting();
    }

    static List<ThreadKind> kinds() {
        return ThreadKind.available();
    }

    static Stream<Arguments> sharedConnections() {
        return ThreadKind.available().stream()
                .flatMap(kind -> Stream.of(
                        argumentSet("HTTP/2, " + kind, kind, false),
                        argumentSet("HTTP/2 over TLS, " + kind, kind, true)));
    }

    /**
     * Half of the callers are interrupted all the time. Bodies are small: what OkHttp has not written when a thread is
     * interrupted waits in its buffer, and from 8 KiB on a frame can be broken off in its head.
     */
    @ParameterizedTest
    @MethodSource("sharedConnections")
    void interruptsOnASharedConnectionFailNobodyElse(ThreadKind kind, boolean tls) throws Exception {
        MockWebServer server = backends.prepare(
                "ok",
                tls
                        ? new Protocol[] {Protocol.HTTP_2, Protocol.HTTP_1_1}
                        : new Protocol[] {Protocol.H2_PRIOR_KNOWLEDGE});
        if (tls) {
            server.useHttps(serving.sslSocketFactory());
        }
        server.start(InetAddress.getByName("127.0.0.1"), 0);
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(Backends.endpoint(server)));
        OkHttpClient client = backends.builder(mesh)
                .sslSocketFactory(trusting.sslSocketFactory(), trusting.trustManager())
                .protocols(tls ? List.of(Protocol.HTTP_2, Protocol.HTTP_1_1) : List.of(Protocol.H2_PRIOR_KNOWLEDGE))
                .build();
        Request request = new Request.Builder()
                .url((tls ? "https" : "http") + "://reviews.test/")
                .post(RequestBody.create(new byte[100]))
                .build();
        client.newCall(request).execute().close();

        int others = 4;
        int callsEach = 100;
        ConcurrentLinkedQueue<Throwable> failuresOfOthers = new ConcurrentLinkedQueue<>();
        AtomicInteger own = new AtomicInteger();
        CountDownLatch othersDone = new CountDownLatch(others);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < others; i++) {
            threads.add(kind.start(() -> {
                // More only where no interrupt has met a victim's call yet.
                for (int call = 0; call < (own.get() == 0 ? 100 * callsEach : callsEach); call++) {
                    try {
                        client.newCall(request).execute().close();
                    } catch (Throwable e) {
                        failuresOfOthers.add(e);
                    }
                }
                othersDone.countDown();
            }));
        }
        List<Thread> victims = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            victims.add(kind.start(() -> {
                while (othersDone.getCount() > 0) {
                    try {
                        client.newCall(request).execute().close();
                    } catch (IOException ended) {
                        own.incrementAndGet();
                    }
                    // Forgets the interrupt.
                    Thread.interrupted();
                }
            }));
        }
        Random random = new Random(17);
        while (othersDone.getCount() > 0) {
            victims.get(random.nextInt(victims.size())).interrupt();
            LockSupport.parkNanos(random.nextInt(500_000));
        }
        threads.addAll(victims);
        for (Thread thread : threads) {
            thread.join(20_000);
            assertThat(thread.isAlive()).isFalse();
        }

        assertThat(failuresOfOthers).isEmpty();
        assertThat(own.get()).isPositive();
        assertThat(mesh.outcomes)
                .allMatch(outcome -> outcome instanceof Outcome.Responded || outcome instanceof Outcome.Canceled);
        assertThat(mesh.outcomes).contains(new Outcome.Canceled());
        assertThat(client.connectionPool().connectionCount()).isEqualTo(1);
        assertThat(server.getRequestCount()).isPositive();
    }

    /** Where a call of HTTP/1 can be when its thread is interrupted. */
    enum Place {
        BEFORE_IT,
        BETWEEN_WRITES,
        IN_A_WRITE_THAT_WAITS,
        WAITING_FOR_THE_HEAD,
        IN_THE_BODY
    }

    static Stream<Arguments> places() {
        return ThreadKind.available().stream()
                .flatMap(kind -> Stream.of(Place.values()).map(place -> argumentSet(place + ", " + kind, kind, place)));
    }

    @ParameterizedTest
    @MethodSource("places")
    void anInterruptedCallEndsAsOkHttpsDoesAndIsNoFaultOfTheServer(ThreadKind kind, Place place) throws Exception {
        RawServer server = backends.closing(new RawServer(connection -> serve(connection, place)));
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(server.endpoint()));
        OkHttpClient meshed = backends.builder(mesh).build();
        OkHttpClient bare = new OkHttpClient();
        backends.closing(() -> bare.connectionPool().evictAll());
        int port = server.endpoint().port();

        HttpUrl direct = HttpUrl.get("http://127.0.0.1:" + port + "/");
        HttpUrl routed = HttpUrl.get("http://reviews.test/");
        if (place == Place.BEFORE_IT) {
            // With an idle connection.
            assertThat(outcomeOf(kind, bare, direct, Place.WAITING_FOR_THE_HEAD))
                    .isEqualTo("ok");
            assertThat(outcomeOf(kind, meshed, routed, Place.WAITING_FOR_THE_HEAD))
                    .isEqualTo("ok");
        }

        String alone = outcomeOf(kind, bare, direct, place);
        String through = outcomeOf(kind, meshed, routed, place);

        if (kind == ThreadKind.PLATFORM) {
            assertThat(through).isEqualTo(alone);
        } else {
            // A plain socket says SocketException where ours says InterruptedIOException.
            assertThat(through.contains("Exception")).isEqualTo(alone.contains("Exception"));
        }
        assertThat(mesh.outcomes.get(mesh.outcomes.size() - 1))
                .isEqualTo(through.contains("Exception") ? new Outcome.Canceled() : new Outcome.Responded(200));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aCallOfAnInterruptedThreadCostsNoIdleConnection(ThreadKind kind) throws Exception {
        RawServer server = backends.closing(new RawServer(connection -> {
            while (connection.read() != null) {
                connection.answer("ok");
            }
        }));
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(server.endpoint()));
        OkHttpClient client = backends.builder(mesh).build();
        HttpUrl url = HttpUrl.get("http://reviews.test/");

        for (int i = 0; i < 3; i++) {
            assertThat(outcomeOf(ThreadKind.PLATFORM, client, url, Place.WAITING_FOR_THE_HEAD))
                    .isEqualTo("ok");
            assertThat(outcomeOf(kind, client, url, Place.BEFORE_IT))
                    .isEqualTo("java.io.InterruptedIOException: interrupted, still interrupted");
            assertThat(client.connectionPool().connectionCount()).isEqualTo(1);
            assertThat(client.connectionPool().idleConnectionCount()).isEqualTo(1);
        }
        assertThat(server.connectionCount()).isEqualTo(1);
        assertThat(mesh.outcomes.get(1)).isEqualTo(new Outcome.Canceled());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void anInterruptWhileConnectingIsNoFaultOfTheServer(ThreadKind kind) throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                Socket first = new Socket();
                Socket second = new Socket()) {
            first.connect(full.getLocalSocketAddress());
            second.connect(full.getLocalSocketAddress());
            Endpoint endpoint = Backends.endpoint("127.0.0.1", full.getLocalPort());
            ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(endpoint));
            CompletableFuture<String> call = start(
                    kind, backends.client(mesh), request(HttpUrl.get("http://reviews.test/"), Place.BEFORE_IT), false);

            // OkHttp 5 connects on another thread, and the caller waits for that one.
            awaitState(thread ->
                    List.of(Thread.State.WAITING, Thread.State.TIMED_WAITING).contains(thread.getState())
                            || waitsForItsSocket(thread));
            caller.interrupt();

            assertThat(call.get(10, TimeUnit.SECONDS))
                    .isEqualTo("java.io.InterruptedIOException: interrupted, still interrupted");
            assertThat(mesh.outcomes).containsExactly(new Outcome.Canceled());
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void anInterruptInATlsHandshakeIsNoFaultOfTheServer(ThreadKind kind) throws Exception {
        RawServer server = backends.closing(new RawServer(connection -> {
            awaitWait();
            caller.interrupt();
            SSLSocket tls = (SSLSocket) serving.sslSocketFactory().createSocket(connection.socket(), null, -1, true);
            tls.setUseClientMode(false);
            tls.getInputStream().readAllBytes();
        }));
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(server.endpoint()));
        OkHttpClient client = backends.builder(mesh)
                .sslSocketFactory(trusting.sslSocketFactory(), trusting.trustManager())
                .build();

        assertThat(outcomeOf(kind, client, HttpUrl.get("https://reviews.test/"), Place.WAITING_FOR_THE_HEAD))
                .endsWith("still interrupted");
        assertThat(mesh.outcomes).containsExactly(new Outcome.Canceled());
    }

    private void serve(RawServer.Connection connection, Place place) throws IOException, InterruptedException {
        switch (place) {
            case IN_A_WRITE_THAT_WAITS -> {
                // The head alone: the caller no longer connects.
                connection.read();
                // A plain socket waits inside of the write.
                awaitState(thread -> isIn(thread, "write") || waitsForItsSocket(thread));
                caller.interrupt();
                connection.socket().getInputStream().transferTo(OutputStream.nullOutputStream());
            }
            case WAITING_FOR_THE_HEAD -> {
                connection.read();
                awaitWait();
                caller.interrupt();
                connection.answer("ok");
            }
            case IN_THE_BODY -> {
                connection.read();
                connection.write("HTTP/1.1 200 OK\nContent-Length: 6\n\nabc");
                headRead.await();
                awaitWait();
                caller.interrupt();
                connection.write("def");
            }
            default -> {
                while (connection.read() != null) {
                    connection.answer("ok");
                }
            }
        }
    }

    private String outcomeOf(ThreadKind kind, OkHttpClient client, HttpUrl url, Place place) throws Exception {
        return start(kind, client, request(url, place), place == Place.BEFORE_IT)
                .get(20, TimeUnit.SECONDS);
    }

    /** What comes of a call, and whether its thread is interrupted afterwards. */
    private CompletableFuture<String> start(
            ThreadKind kind, OkHttpClient client, Request request, boolean interrupted) {
        CompletableFuture<String> done = new CompletableFuture<>();
        CountDownLatch head = new CountDownLatch(1);
        headRead = head;
        caller = kind.unstarted(() -> {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            String result;
            try (Response response = client.newCall(request).execute()) {
                head.countDown();
                result = response.body().string();
            } catch (Exception e) {
                result = e.toString();
            }
            done.complete(result + (Thread.interrupted() ? ", still interrupted" : ""));
        });
        caller.start();
        return done;
    }

    private static Request request(HttpUrl url, Place place) {
        Request.Builder request = new Request.Builder().url(url);
        return switch (place) {
            case BETWEEN_WRITES -> request.post(new Upload(true)).build();
            case IN_A_WRITE_THAT_WAITS -> request.post(new Upload(false)).build();
            default -> request.build();
        };
    }

    /**
     * Until the caller waits for its socket. A thread that the machine has taken off its processor somewhere else looks
     * like one that waits, and would then be interrupted at another place.
     */
    private void awaitWait() {
        awaitState(InterruptTest::waitsForItsSocket);
    }

    /** By Net.poll, EPoll.wait, KQueue.poll or WEPoll.wait; a virtual thread by one of Poller's. */
    private static boolean waitsForItsSocket(Thread thread) {
        return isIn(thread, "poll", "wait");
    }

    private static boolean isIn(Thread thread, String... operations) {
        return Stream.of(thread.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith("sun.nio.ch."))
                .findFirst()
                .filter(frame -> Stream.of(operations).anyMatch(frame.getMethodName()::startsWith))
                .isPresent();
    }

    private void awaitState(Predicate<Thread> state) {
        long begun = System.nanoTime();
        int times = 0;
        while (times < 3) {
            times = state.test(caller) ? times + 1 : 0;
            assertThat(System.nanoTime() - begun)
                    .as("nanoseconds until the caller waits")
                    .isLessThan(TimeUnit.SECONDS.toNanos(10));
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** More than sockets hold. */
    private static final class Upload extends RequestBody {
        private static final byte[] CHUNK = new byte[1 << 16];

        private final boolean interrupted;

        Upload(boolean interrupted) {
            this.interrupted = interrupted;
        }

        @Override
        public @Nullable MediaType contentType() {
            return null;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            for (int i = 0; i < 512; i++) {
                sink.write(CHUNK);
                if (interrupted && i == 2) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
