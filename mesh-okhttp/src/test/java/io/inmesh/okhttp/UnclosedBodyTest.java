package io.inmesh.okhttp;

import static io.inmesh.testing.Collector.collect;
import static io.inmesh.testing.Collector.collectUntil;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.testing.LeakCheck;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Reference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Callers that drop a response without closing it. */
class UnclosedBodyTest {
    private static final String BODY = "x".repeat(100_000);

    @RegisterExtension
    final LeakCheck leaks = new LeakCheck();

    @RegisterExtension
    final Backends backends = new Backends();

    private final ConnectionPool pool = new ConnectionPool();
    private Mesh mesh;
    private OkHttpClient client;

    /** How a request reaches a server. */
    enum Way {
        HTTP_1("HTTP", Protocol.HTTP_1_1),
        HTTP_2_OF_THE_CLIENT("HTTP", Protocol.H2_PRIOR_KNOWLEDGE),
        HTTP_2_OF_THE_PORT("HTTP2", Protocol.H2_PRIOR_KNOWLEDGE);

        final String port;
        final Protocol server;

        Way(String port, Protocol server) {
            this.port = port;
            this.server = server;
        }
    }

    private void start(Way way) {
        StringBuilder rules = new StringBuilder("""
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: reviews}
                spec:
                  hosts: [reviews.default.svc.cluster.local]
                  resolution: STATIC
                  ports: [{number: 9080, name: p, protocol: %s}]
                  endpoints:
                """.formatted(way.port));
        for (String name : new String[] {"v1", "v2"}) {
            MockWebServer server = backends.start(name, "127.0.0.1", way.server);
            server.setDispatcher(new Dispatcher() {
                @Override
                public MockResponse dispatch(RecordedRequest request) {
                    MockResponse.Builder answer = new MockResponse.Builder();
                    return (way == Way.HTTP_1 ? answer.chunkedBody(name + BODY, 8192) : answer.body(name + BODY))
                            .build();
                }
            });
            rules.append("  - {address: 127.0.0.1, ports: {p: %d}}\n".formatted(server.getPort()));
        }
        mesh = leaks.watch(Mesh.builder()
                .config(TextConfigSource.of("rules", rules.toString()))
                .build());
        OkHttpClient.Builder builder =
                backends.builder(new MeshInterceptor(mesh)).connectionPool(pool);
        if (way == Way.HTTP_2_OF_THE_CLIENT) {
            builder.protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE));
        }
        client = builder.build();
    }

    private static Request request() {
        return new Request.Builder().url(MeshFixture.URL).build();
    }

    /** Leaves nothing on the caller's stack. */
    private void drop(Request request) throws IOException {
        assertThat(client.newCall(request).execute().code()).isEqualTo(200);
    }

    /** Both are held until they have been counted: a collection may come at any time. */
    private void dropTwoOnceCounted() throws IOException {
        Response first = client.newCall(request()).execute();
        Response second = client.newCall(request()).execute();
        assertThat(List.of(first.code(), second.code())).containsExactly(200, 200);
        assertThat(mesh.status().attempts().running()).isEqualTo(2);
        Reference.reachabilityFence(first);
        Reference.reachabilityFence(second);
    }

    private Map<String, Integer> shares(int calls) throws IOException {
        Map<String, Integer> shares = new HashMap<>();
        for (int i = 0; i < calls; i++) {
            try (Response response = client.newCall(request()).execute()) {
                shares.merge(response.body().string().substring(0, 2), 1, Integer::sum);
            }
        }
        return shares;
    }

    private void collectAll() throws InterruptedException {
        collectUntil(() -> mesh.status().attempts().running() == 0);
    }

    @ParameterizedTest
    @EnumSource
    void aDroppedResponseStarvesNoEndpointOnceItWasCollected(Way way) throws Exception {
        start(way);
        dropTwoOnceCounted();

        collectAll();

        assertThat(mesh.status().attempts().unclosedBodies()).isEqualTo(2);
        assertThat(shares(200).values())
                .hasSize(2)
                .allSatisfy(share -> assertThat(share).isBetween(60, 140));
    }

    /** And nobody else gets to see what is left of the answer. */
    @Test
    void itsConnectionComesBack() throws Exception {
        start(Way.HTTP_1);
        for (int i = 0; i < 10; i++) {
            drop(request());
        }
        collectAll();

        // OkHttp looks for it when a connection is put into the pool or becomes idle.
        collectUntil(() -> {
            try {
                shares(10);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return pool.connectionCount() == pool.idleConnectionCount() && pool.connectionCount() <= 2;
        });
    }

    @Test
    void aBodyThatWasReadInPartIsDroppedToo() throws Exception {
        start(Way.HTTP_1);
        readOne();

        collectAll();

        assertThat(mesh.status().attempts().unclosedBodies()).isEqualTo(1);
    }

    private void readOne() throws IOException {
        assertThat(client.newCall(request()).execute().body().source().readByte())
                .isEqualTo((byte) 'v');
    }

    @Test
    void anEnqueuedCallIsNoticedToo() throws Exception {
        start(Way.HTTP_1);
        CountDownLatch answered = new CountDownLatch(1);
        client.newCall(request()).enqueue(new Callback() {
            @Override
            public void onFailure(Call call, IOException e) {}

            @Override
            public void onResponse(Call call, Response response) {
                answered.countDown();
            }
        });
        answered.await();

        collectAll();

        assertThat(mesh.status().attempts().unclosedBodies()).isEqualTo(1);
    }

    @Test
    void aStreamIsHeldByWhateverWasMadeOfIt() throws Exception {
        start(Way.HTTP_1);
        InputStream stream = client.newCall(request()).execute().body().byteStream();
        collect();
        collect();

        assertThat(mesh.status().attempts().running()).isEqualTo(1);
        assertThat(stream.readAllBytes()).hasSize(BODY.length() + 2);
        assertThat(mesh.status().attempts().running()).isZero();
        assertThat(mesh.status().attempts().unclosedBodies()).isZero();
    }
}
