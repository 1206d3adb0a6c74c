package io.inmesh.okhttp;

import static io.inmesh.okhttp.Backends.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.call.HeaderField;
import io.inmesh.call.SyntheticResponse;
import io.inmesh.okhttp.ScriptedMesh.Plan;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.ConnectionPool;
import okhttp3.EventListener;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What redirects cost in connections: nothing. */
class RedirectConnectionsTest {
    /** More than three connections, which is the most that they may take. */
    private static final int CALLS = 10;

    @RegisterExtension
    final Backends backends = new Backends();

    private final HeldCertificate certificate = new HeldCertificate.Builder()
            .addSubjectAlternativeName("reviews")
            .addSubjectAlternativeName("ratings")
            .build();
    private final List<MockWebServer> servers = new ArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();

    /** How a request reaches a server. */
    enum Way {
        HTTP_1("http", Protocol.HTTP_1_1),
        TLS_HTTP_1("https", Protocol.HTTP_1_1),
        TLS_HTTP_2("https", Protocol.HTTP_2, Protocol.HTTP_1_1),
        HTTP_2_OF_THE_CLIENT("http", Protocol.H2_PRIOR_KNOWLEDGE),
        HTTP_2_OF_THE_PORT("http", Protocol.H2_PRIOR_KNOWLEDGE);

        private final String scheme;
        private final Protocol[] protocols;

        Way(String scheme, Protocol... protocols) {
            this.scheme = scheme;
            this.protocols = protocols;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRedirectOfTheOnlyEndpoint(Way way) throws Exception {
        start(way, 1, 302, "/end");

        run(way, client(way, new ScriptedMesh(head -> inTurn(way))), get(way));

        assertThat(Backends.connections(servers)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aRedirectThatIsFollowedToTheNextEndpoint(Way way) throws Exception {
        start(way, 3, 302, "/end");

        run(way, client(way, new ScriptedMesh(head -> inTurn(way))), get(way));

        assertThat(Backends.connections(servers)).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void aRedirectToAnotherService(Way way) throws Exception {
        start(way, 2, 302, way.scheme + "://ratings/end");
        ScriptedMesh mesh =
                new ScriptedMesh(head -> to(way, servers.get(head.authority().startsWith("ratings") ? 1 : 0)));

        run(way, client(way, mesh), get(way));

        assertThat(Backends.connections(servers)).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "HTTP_2_OF_THE_CLIENT")
    void aRedirectToAHostThatTheMeshDoesNotKnow(Way way) throws Exception {
        MockWebServer outside = backends.start("end");
        start(way, 1, 302, outside.url("/end").toString());
        ScriptedMesh mesh =
                new ScriptedMesh(head -> head.authority().equals("reviews") ? to(way, servers.get(0)) : null);

        run(way, client(way, mesh), get(way));

        servers.add(outside);
        assertThat(Backends.connections(servers)).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void aRedirectByRule(Way way) throws Exception {
        start(way, 3, 302, "/end");
        ScriptedMesh mesh = new ScriptedMesh(head -> head.pathAndQuery().equals("/begin")
                ? Plan.answering(
                        new SyntheticResponse(301, List.of(new HeaderField("location", "/middle")), new byte[0]))
                : inTurn(way));

        run(way, client(way, mesh), get(way));

        assertThat(Backends.connections(servers)).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 303, 307, 308})
    void aRedirectOfAPost(int status) throws Exception {
        for (Way way : new Way[] {Way.HTTP_1, Way.TLS_HTTP_2, Way.HTTP_2_OF_THE_PORT}) {
            servers.clear();
            start(way, 3, status, "/end");
            Request post = get(way).newBuilder()
                    .post(RequestBody.create("x".repeat(50_000), MediaType.get("text/plain")))
                    .build();

            run(way, client(way, new ScriptedMesh(head -> inTurn(way))), post);

            assertThat(Backends.connections(servers)).describedAs("%s", way).isEqualTo(3);
        }
    }

    @Test
    void manyRedirectsInOneCall() throws Exception {
        start(Way.HTTP_1, 3, 302, "/end");
        for (MockWebServer server : servers) {
            server.setDispatcher(new Dispatcher() {
                @Override
                public MockResponse dispatch(RecordedRequest request) {
                    String path = request.getTarget();
                    return path.equals("/beginxxxxxxxx")
                            ? new MockResponse.Builder().body("end").build()
                            : new MockResponse.Builder()
                                    .code(302)
                                    .addHeader("Location", path + "x")
                                    .body("over there")
                                    .build();
                }
            });
        }

        run(Way.HTTP_1, client(Way.HTTP_1, new ScriptedMesh(head -> inTurn(Way.HTTP_1))), get(Way.HTTP_1));

        assertThat(Backends.connections(servers)).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void redirectsOfManyThreads(Way way) throws Exception {
        int threads = 4;
        start(way, 3, 302, "/end");
        OkHttpClient client = client(way, new ScriptedMesh(head -> inTurn(way)))
                .newBuilder()
                .connectionPool(new ConnectionPool(50, 1, TimeUnit.MINUTES))
                .build();
        ExecutorService callers = Executors.newFixedThreadPool(threads);
        backends.closing(callers::shutdownNow);
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            running.add(callers.submit(() -> {
                run(way, client, get(way));
                return null;
            }));
        }
        for (Future<?> caller : running) {
            caller.get(60, TimeUnit.SECONDS);
        }

        assertThat(Backends.connections(servers)).isLessThanOrEqualTo(3 * threads);
    }

    @Test
    void listenersHearWhenAConnectionIsGivenBack() throws Exception {
        start(Way.HTTP_1, 2, 302, "/end");
        List<String> heard = new CopyOnWriteArrayList<>();
        List<Connection> connections = new CopyOnWriteArrayList<>();
        OkHttpClient client = client(Way.HTTP_1, new ScriptedMesh(head -> inTurn(Way.HTTP_1)))
                .newBuilder()
                .eventListener(new EventListener() {
                    @Override
                    public void connectionAcquired(Call call, Connection connection) {
                        connections.add(connection);
                        heard.add("acquired " + connections.indexOf(connection));
                    }

                    @Override
                    public void connectionReleased(Call call, Connection connection) {
                        heard.add("released " + connections.indexOf(connection));
                    }

                    @Override
                    public void callEnd(Call call) {
                        heard.add("end");
                    }
                })
                .build();

        try (Response response = client.newCall(get(Way.HTTP_1)).execute()) {
            assertThat(response.body().string()).isEqualTo("end");
        }

        assertThat(heard)
                .containsExactlyElementsOf(
                        ChainLine.isOffered()
                                ? List.of("acquired 0", "released 0", "acquired 1", "released 1", "end")
                                : List.of("acquired 0", "released 0", "acquired 1", "end", "released 1"));
        assertThat(client.connectionPool().idleConnectionCount()).isEqualTo(2);
    }

    private void start(Way way, int count, int status, String location) throws IOException {
        for (int i = 0; i < count; i++) {
            MockWebServer server = backends.prepare("x", way.protocols);
            if (way.scheme.equals("https")) {
                server.useHttps(new HandshakeCertificates.Builder()
                        .heldCertificate(certificate)
                        .build()
                        .sslSocketFactory());
            }
            server.setDispatcher(new Dispatcher() {
                @Override
                public MockResponse dispatch(RecordedRequest request) {
                    return request.getTarget().equals("/end")
                            ? new MockResponse.Builder().body("end").build()
                            : new MockResponse.Builder()
                                    .code(status)
                                    .addHeader("Location", location)
                                    .body("over there")
                                    .build();
                }
            });
            server.start(InetAddress.getByName("127.0.0.1"), 0);
            servers.add(server);
        }
    }

    private Plan inTurn(Way way) {
        return to(way, servers.get(turn.getAndIncrement() % servers.size()));
    }

    private static Plan to(Way way, MockWebServer server) {
        Plan plan = Plan.to(endpoint(server));
        return way == Way.HTTP_2_OF_THE_PORT ? plan.http2() : plan;
    }

    private OkHttpClient client(Way way, ScriptedMesh mesh) {
        HandshakeCertificates trusting = new HandshakeCertificates.Builder()
                .addTrustedCertificate(certificate.certificate())
                .build();
        OkHttpClient.Builder builder =
                backends.builder(mesh).sslSocketFactory(trusting.sslSocketFactory(), trusting.trustManager());
        if (way == Way.HTTP_2_OF_THE_CLIENT) {
            builder.protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE));
        }
        return builder.build();
    }

    private static Request get(Way way) {
        return new Request.Builder().url(way.scheme + "://reviews/begin").build();
    }

    private static void run(Way way, OkHttpClient client, Request request) throws IOException {
        for (int i = 0; i < CALLS; i++) {
            try (Response response = client.newCall(request).execute()) {
                assertThat(response.body().string()).describedAs("%s", way).isEqualTo("end");
            }
        }
    }
}
