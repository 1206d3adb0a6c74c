package io.inmesh.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inmesh.Mesh;
import io.inmesh.call.MeshException;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.event.ResponseFlag;
import io.inmesh.observe.CallObservation;
import io.inmesh.observe.MeshObserver;
import io.inmesh.observe.Overflow;
import io.inmesh.observe.StartedCall;
import io.inmesh.okhttp.traffic.TrafficPage;
import io.inmesh.testing.LeakCheck;
import io.inmesh.testing.RawServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import jdk.net.ExtendedSocketOptions;
import mockwebserver3.MockWebServer;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The examples of docs/traffic.md, "Connection pool", over real sockets. */
class DocumentedConnectionPoolTest {

    @RegisterExtension
    final LeakCheck leaks = new LeakCheck();

    @RegisterExtension
    final Backends backends = new Backends();

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ExecutorCompletionService<String> calls = new ExecutorCompletionService<>(threads);
    private final AtomicLong now = new AtomicLong();
    private final List<Overflow> overflows = new CopyOnWriteArrayList<>();
    private final Semaphore arrived = new Semaphore(0);
    private final Semaphore answers = new Semaphore(0);
    private final Semaphore failures = new Semaphore(0);
    private final AtomicInteger atServer = new AtomicInteger();
    private final AtomicInteger mostAtServer = new AtomicInteger();

    private String retries = "{attempts: 0}";

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    private OkHttpClient.Builder client(String heading, int port) throws IOException {
        String example = TrafficPage.example("Connection pool", heading);
        int subsets = example.indexOf("subsets:\n");
        String policy = subsets < 0 ? example : example.substring(0, subsets);
        String rules = """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: shop}
                spec:
                  hosts: [shop.example.com]
                  resolution: STATIC
                  ports: [{number: 80, name: http, protocol: HTTP}]
                  endpoints: [{address: 127.0.0.1, ports: {http: %d}, labels: {version: v2}}]
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: shop}
                spec:
                  hosts: [shop.example.com]
                  http:
                  - %s
                    retries: %s
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: shop}
                spec:
                  host: shop.example.com
                  trafficPolicy:
                """.formatted(
                                port,
                                subsets < 0
                                        ? "route: [{destination: {host: shop.example.com}}]"
                                        : "route: [{destination: {host: shop.example.com, subset: v2}}]",
                                retries)
                + policy.indent(4)
                + (subsets < 0 ? "" : example.substring(subsets).indent(2));
        Mesh mesh = leaks.watch(Mesh.builder()
                .config(TextConfigSource.of("rules.yaml", rules))
                .observer(new MeshObserver() {
                    @Override
                    public CallObservation callStarted(StartedCall call) {
                        return new CallObservation() {
                            @Override
                            public void overflowed(Overflow overflow) {
                                overflows.add(overflow);
                            }
                        };
                    }
                })
                .build());
        return backends.builder(new MeshInterceptor(mesh::execute, () -> Backends.NOW, now::get));
    }

    /** Answers a request when it may. */
    private RawServer holding() throws IOException {
        return backends.closing(new RawServer(connection -> {
            while (connection.read() != null) {
                mostAtServer.accumulateAndGet(atServer.incrementAndGet(), Math::max);
                arrived.release();
                answers.acquire();
                atServer.decrementAndGet();
                connection.answer("ok");
            }
        }));
    }

    /** Answers 503 to the first requests, when it may. */
    private RawServer busy(int failing) throws IOException {
        AtomicInteger seen = new AtomicInteger();
        return backends.closing(new RawServer(connection -> {
            while (connection.read() != null) {
                boolean fails = seen.incrementAndGet() <= failing;
                arrived.release();
                if (fails) {
                    failures.acquire();
                    connection.write("HTTP/1.1 503 Busy\nContent-Length: 4\n\nbusy");
                } else {
                    answers.acquire();
                    connection.answer("ok");
                }
            }
        }));
    }

    private RawServer server() throws IOException {
        answers.release(1000);
        return holding();
    }

    private static String get(OkHttpClient client) throws IOException {
        try (Response response = client.newCall(
                        new Request.Builder().url("http://shop.example.com/").build())
                .execute()) {
            return response.body().string();
        }
    }

    private void start(OkHttpClient client, int count) {
        for (int i = 0; i < count; i++) {
            calls.submit(() -> get(client));
        }
    }

    private void arrive(int count) throws InterruptedException {
        assertThat(arrived.tryAcquire(count, 10, TimeUnit.SECONDS)).isTrue();
    }

    /** The next call that ends: its answer, or its flag. */
    private String next() throws InterruptedException {
        Future<String> ended = calls.poll(10, TimeUnit.SECONDS);
        assertThat(ended).as("no call ends").isNotNull();
        try {
            return ended.get();
        } catch (ExecutionException failed) {
            return failed.getCause() instanceof MeshException refused
                    ? refused.flag().name()
                    : "" + failed.getCause();
        }
    }

    @Test
    void maxConnections() throws Exception {
        RawServer server = holding();
        OkHttpClient client = client("maxConnections", server.endpoint().port()).build();

        start(client, 5);
        arrive(2);
        List<String> ended = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            answers.release();
            ended.add(next());
        }

        assertThat(ended).containsOnly("ok");
        assertThat(mostAtServer.get()).isEqualTo(2);
        assertThat(server.connectionCount()).isEqualTo(2);
        assertThat(overflows).isEmpty();
    }

    @Test
    void http1MaxPendingRequests() throws Exception {
        OkHttpClient client =
                client("http1MaxPendingRequests", holding().endpoint().port()).build();

        start(client, 4);
        arrive(1);

        assertThat(List.of(next(), next())).containsOnly("UO");
        answers.release(2);
        assertThat(List.of(next(), next())).containsOnly("ok");
        assertThat(overflows).containsExactly(Overflow.PENDING, Overflow.PENDING);
        assertThat(mostAtServer.get()).isEqualTo(1);
    }

    @Test
    void http2MaxRequests() throws Exception {
        OkHttpClient client =
                client("http2MaxRequests", holding().endpoint().port()).build();

        start(client, 1);
        arrive(1);
        assertThatThrownBy(() -> get(client))
                .isInstanceOfSatisfying(
                        MeshException.class, full -> assertThat(full.flag()).isEqualTo(ResponseFlag.UO));
        answers.release(2);

        assertThat(next()).isEqualTo("ok");
        assertThat(get(client)).isEqualTo("ok");
        assertThat(overflows).containsExactly(Overflow.REQUESTS);
    }

    @Test
    void maxRequestsPerConnection() throws Exception {
        RawServer server = server();
        OkHttpClient client =
                client("maxRequestsPerConnection", server.endpoint().port()).build();

        for (int i = 0; i < 3; i++) {
            assertThat(get(client)).isEqualTo("ok");
            server.awaitClosed();
        }

        assertThat(server.connectionCount()).isEqualTo(3);
    }

    @Test
    void connectTimeout() throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                Socket first = new Socket();
                Socket second = new Socket()) {
            first.connect(full.getLocalSocketAddress());
            second.connect(full.getLocalSocketAddress());
            OkHttpClient client = client("connectTimeout", full.getLocalPort())
                    .connectTimeout(Duration.ofMinutes(10))
                    .build();

            assertThatThrownBy(() -> get(client)).hasRootCauseInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void idleTimeout() throws Exception {
        RawServer server = server();
        OkHttpClient client = client("idleTimeout", server.endpoint().port()).build();

        get(client);
        now.addAndGet(TimeUnit.SECONDS.toNanos(29));
        get(client);
        assertThat(server.connectionCount()).isEqualTo(1);
        now.addAndGet(TimeUnit.SECONDS.toNanos(30));
        get(client);
        assertThat(server.connectionCount()).isEqualTo(2);
    }

    @Test
    void maxConnectionDuration() throws Exception {
        RawServer server = server();
        OkHttpClient client =
                client("maxConnectionDuration", server.endpoint().port()).build();

        for (int minute = 0; minute < 10; minute++) {
            get(client);
            now.addAndGet(TimeUnit.MINUTES.toNanos(1));
        }
        assertThat(server.connectionCount()).isEqualTo(1);
        get(client);
        assertThat(server.connectionCount()).isEqualTo(2);
    }

    @Test
    void tcpKeepalive() throws Exception {
        List<Socket> opened = new CopyOnWriteArrayList<>();
        OkHttpClient client = client("tcpKeepalive", server().endpoint().port())
                .socketFactory(new PlainSockets() {
                    @Override
                    public Socket createSocket() {
                        Socket socket = new Socket();
                        opened.add(socket);
                        return socket;
                    }
                })
                .build();

        get(client);

        Socket socket = opened.get(0);
        assertThat(socket.getKeepAlive()).isTrue();
        assertThat(socket.getOption(ExtendedSocketOptions.TCP_KEEPIDLE)).isEqualTo(60);
        assertThat(socket.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL)).isEqualTo(10);
        assertThat(socket.getOption(ExtendedSocketOptions.TCP_KEEPCOUNT)).isEqualTo(3);
    }

    @Test
    void h2UpgradePolicy() throws Exception {
        MockWebServer server = backends.start("ok", "127.0.0.1", Protocol.H2_PRIOR_KNOWLEDGE);
        OkHttpClient client = client("h2UpgradePolicy", server.getPort()).build();

        assertThat(get(client)).isEqualTo("ok");
    }

    @Test
    void maxRetries() throws Exception {
        oneOfManyIsRetried("maxRetries", 5);
    }

    @Test
    void retryBudget() throws Exception {
        oneOfManyIsRetried("retryBudget", 9);
    }

    private void oneOfManyIsRetried(String heading, int count) throws Exception {
        retries = "{attempts: 1, retryOn: 5xx}";
        OkHttpClient client = client(heading, busy(count).endpoint().port()).build();

        start(client, count);
        arrive(count);
        failures.release(count);
        arrive(1);
        for (int i = 1; i < count; i++) {
            assertThat(next()).isEqualTo("busy");
        }
        answers.release();

        assertThat(next()).isEqualTo("ok");
        assertThat(overflows).hasSize(count - 1).containsOnly(Overflow.RETRIES);
    }

    @Test
    void subsets() throws Exception {
        OkHttpClient client = client("subsets", holding().endpoint().port()).build();

        start(client, 3);
        arrive(3);
        answers.release(3);

        assertThat(List.of(next(), next(), next())).containsOnly("ok");
        assertThat(overflows).isEmpty();
    }
}
