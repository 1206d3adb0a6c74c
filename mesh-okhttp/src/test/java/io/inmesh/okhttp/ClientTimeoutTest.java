package io.inmesh.okhttp;

import static io.inmesh.okhttp.Backends.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.okhttp.ScriptedMesh.Plan;
import io.inmesh.testing.RawServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocket;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Timeouts of the client itself look the same on every kind of connection, and are not the route's. */
class ClientTimeoutTest {
    private static final Duration SHORT = Duration.ofMillis(150);
    private static final String WARM_UP = "/warm-up";
    private static final byte[] CHUNK = new byte[1 << 16];

    /** More than sockets hold. */
    private static final int CHUNKS = 1024;

    private static HandshakeCertificates serving;
    private static HandshakeCertificates trusting;

    @RegisterExtension
    final Backends backends = new Backends();

    private final CountDownLatch over = new CountDownLatch(1);

    @AfterEach
    void letServersGo() {
        over.countDown();
    }

    /** How a connection speaks. */
    enum Wire {
        H1("http", Protocol.HTTP_1_1),
        H1_TLS("https", Protocol.HTTP_1_1),
        H2("http", Protocol.H2_PRIOR_KNOWLEDGE),
        H2_TLS("https", Protocol.HTTP_2, Protocol.HTTP_1_1);

        private final String url;
        private final Protocol[] protocols;

        Wire(String scheme, Protocol... protocols) {
            this.url = scheme + "://reviews.test/";
            this.protocols = protocols;
        }

        boolean tls() {
            return url.startsWith("https");
        }
    }

    @BeforeAll
    static void makeCertificates() {
        TestCertificates made = TestCertificates.make();
        serving = made.serving();
        trusting = made.trusting();
    }

    /** A server that answers when the test is over, or at once with a response; to those that warm up at once. */
    private MockWebServer server(Wire wire, @Nullable MockResponse response) throws IOException {
        MockWebServer server = backends.prepare("late", wire.protocols);
        if (wire.tls()) {
            server.useHttps(serving.sslSocketFactory());
        }
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
                if (!request.getTarget().equals(WARM_UP)) {
                    if (response != null) {
                        return response;
                    }
                    over.await();
                }
                return new MockResponse.Builder().build();
            }
        });
        server.start(InetAddress.getByName("127.0.0.1"), 0);
        return server;
    }

    private OkHttpClient.Builder client(Wire wire, ScriptedMesh mesh) {
        return backends.builder(mesh)
                .sslSocketFactory(trusting.sslSocketFactory(), trusting.trustManager())
                .protocols(List.of(wire.protocols));
    }

    /**
     * The same client in a hurry, and with a connection already: its read timeout is also that of a TLS handshake, which
     * takes as long as the machine takes for it.
     */
    private static OkHttpClient inAHurry(OkHttpClient patient, Wire wire, ScriptedMesh mesh) throws IOException {
        patient.newCall(new Request.Builder()
                        .url(wire.url + WARM_UP.substring(1))
                        .build())
                .execute()
                .close();
        mesh.outcomes.clear();
        return patient.newBuilder().readTimeout(SHORT).build();
    }

    private static void assertPlainTimeout(Throwable failure) {
        assertThat(failure).isExactlyInstanceOf(SocketTimeoutException.class).hasNoCause();
    }

    private static void assertCallerGaveUp(ScriptedMesh mesh) {
        assertThat(mesh.outcomes).singleElement().isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.flag()).isEqualTo(ResponseFlag.DC);
            assertThat(failed.reason()).doesNotContain("Asynchronous", "Exception");
        });
    }

    @ParameterizedTest
    @EnumSource
    void whenTheAnswerIsLate(Wire wire) throws IOException {
        MockWebServer server = server(wire, null);
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(endpoint(server)));
        OkHttpClient client = inAHurry(client(wire, mesh).build(), wire, mesh);

        Throwable failure = catchThrowable(() ->
                client.newCall(new Request.Builder().url(wire.url).build()).execute());

        assertPlainTimeout(failure);
        assertCallerGaveUp(mesh);
    }

    @ParameterizedTest
    @EnumSource
    void whenTheBodyStops(Wire wire) throws IOException {
        MockWebServer server = server(
                wire,
                new MockResponse.Builder()
                        .body("x".repeat(1000))
                        .onResponseBody(SocketEffect.Stall.INSTANCE)
                        .build());
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(endpoint(server)));
        try (Response response = headInTime(client(wire, mesh).build(), wire, mesh)) {
            assertPlainTimeout(catchThrowable(() -> response.body().string()));
        }
        assertCallerGaveUp(mesh);
    }

    /** The short timeout is for the body; a head that a busy server brings too late for it is asked for again. */
    private static Response headInTime(OkHttpClient patient, Wire wire, ScriptedMesh mesh) throws IOException {
        Request request = new Request.Builder().url(wire.url).build();
        while (true) {
            try {
                return inAHurry(patient, wire, mesh).newCall(request).execute();
            } catch (SocketTimeoutException late) {
                assertCallerGaveUp(mesh);
            }
        }
    }

    /** OkHttp closes the TLS socket, which by itself waits for the thread that writes. */
    @Test
    void whenATlsServerDoesNotRead() throws Exception {
        RawServer server = backends.closing(new RawServer(connection -> {
            SSLSocket tls = (SSLSocket) serving.sslSocketFactory().createSocket(connection.socket(), null, -1, true);
            tls.setUseClientMode(false);
            tls.startHandshake();
            over.await();
        }));
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(server.endpoint()));
        ExecutorService thread = Executors.newSingleThreadExecutor();
        backends.closing(thread::shutdownNow);

        Future<Throwable> failure =
                thread.submit(() -> catchThrowable(() -> upload(client(Wire.H1_TLS, mesh), Wire.H1_TLS)));

        assertPlainTimeout(failure.get(10, TimeUnit.SECONDS));
        assertCallerGaveUp(mesh);
    }

    @Test
    void whenTheServerDoesNotRead() throws IOException {
        RawServer server = backends.closing(new RawServer(connection -> over.await()));
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(server.endpoint()));

        assertPlainTimeout(catchThrowable(() -> upload(client(Wire.H1, mesh), Wire.H1)));
        assertCallerGaveUp(mesh);
    }

    @Test
    void whenAnHttp2ServerOpensNoWindow() throws IOException {
        RawServer server = backends.closing(new RawServer(connection -> {
            // An empty SETTINGS frame.
            connection.write("\0\0\0\4\0\0\0\0\0");
            over.await();
        }));
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(server.endpoint()));

        assertPlainTimeout(catchThrowable(() -> upload(client(Wire.H2, mesh), Wire.H2)));
        assertCallerGaveUp(mesh);
    }

    private static void upload(OkHttpClient.Builder client, Wire wire) throws IOException {
        RequestBody large = new RequestBody() {
            @Override
            public @Nullable MediaType contentType() {
                return null;
            }

            @Override
            public void writeTo(BufferedSink sink) throws IOException {
                for (int i = 0; i < CHUNKS; i++) {
                    sink.write(CHUNK);
                }
            }
        };
        Request request = new Request.Builder().url(wire.url).post(large).build();
        client.writeTimeout(SHORT).build().newCall(request).execute().close();
    }

    @ParameterizedTest
    @EnumSource
    void whenNobodyAccepts(Wire wire) throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                Socket first = new Socket();
                Socket second = new Socket()) {
            first.connect(full.getLocalSocketAddress());
            second.connect(full.getLocalSocketAddress());
            ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(endpoint("127.0.0.1", full.getLocalPort())));
            OkHttpClient client = client(wire, mesh).connectTimeout(SHORT).build();

            Throwable failure = catchThrowable(() ->
                    client.newCall(new Request.Builder().url(wire.url).build()).execute());

            assertPlainTimeout(failure);
            assertThat(mesh.outcomes)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            Outcome.NeverSent.class,
                            never -> assertThat(never.flag()).isEqualTo(ResponseFlag.UF));
        }
    }

    @Test
    void aSocketThatIsClosedUnderAReaderSpeaksAsASocketDoes() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            EndpointSocketFactory factory = new EndpointSocketFactory(
                    SocketFactory.getDefault(), new InetSocketAddress("127.0.0.1", server.getLocalPort()));
            Socket socket = backends.closing(factory.createSocket());
            socket.connect(new InetSocketAddress("127.0.0.1", 1));
            InputStream in = socket.getInputStream();
            CompletableFuture<Integer> read = CompletableFuture.supplyAsync(() -> {
                try {
                    return in.read();
                } catch (IOException e) {
                    throw new CompletionException(e);
                }
            });
            socket.close();

            assertThatThrownBy(() -> read.get(10, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isExactlyInstanceOf(SocketException.class);
        }
    }
}
