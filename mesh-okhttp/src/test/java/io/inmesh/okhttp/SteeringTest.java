package io.inmesh.okhttp;

import static io.inmesh.okhttp.Backends.endpoint;
import static io.inmesh.okhttp.Backends.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.okhttp.ScriptedMesh.Plan;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.Cache;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class SteeringTest {
    @RegisterExtension
    final Backends backends = new Backends();

    @TempDir
    private Path cacheDirectory;

    @Test
    void anUnknownHostIsUntouched() throws Exception {
        MockWebServer server = backends.start("plain");
        AtomicReference<Request> seen = new AtomicReference<>();
        ScriptedMesh mesh = new ScriptedMesh(head -> null);
        OkHttpClient client = backends.builder(mesh)
                .addInterceptor(chain -> {
                    seen.set(chain.request());
                    return chain.proceed(chain.request());
                })
                .build();
        Request request = new Request.Builder().url(server.url("/x")).build();

        try (Response response = client.newCall(request).execute()) {
            assertThat(response.body().string()).isEqualTo("plain");
        }
        assertThat(seen.get()).isSameAs(request);
        assertThat(mesh.outcomes).isEmpty();
    }

    @Test
    void theMeshKnowsHowLongTheClientWaitsForAnAnswer() throws Exception {
        MockWebServer server = backends.start("one");
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(endpoint(server)));
        OkHttpClient client = backends.client(mesh);

        get(client.newBuilder().readTimeout(Duration.ofMillis(2500)).build(), "http://reviews/");
        assertThat(Objects.requireNonNull(mesh.latest).callerTimeoutNanos()).isEqualTo(2_500_000_000L);

        get(client.newBuilder().readTimeout(Duration.ZERO).build(), "http://reviews/");
        assertThat(Objects.requireNonNull(mesh.latest).callerTimeoutNanos()).isZero();
    }

    @Test
    void callsGoToTheirEndpointsAndEachEndpointsConnectionIsReused() throws Exception {
        MockWebServer one = backends.start("one", "127.0.0.1");
        MockWebServer two = backends.start("two", "127.0.0.2");
        AtomicInteger turn = new AtomicInteger();
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(endpoint(turn.getAndIncrement() % 2 == 0 ? one : two)));
        OkHttpClient client = backends.client(mesh);

        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            answers.add(get(client, "http://reviews:9080/"));
        }

        assertThat(answers).containsExactly("one", "two", "one", "two", "one", "two", "one", "two", "one", "two");
        for (MockWebServer server : List.of(one, two)) {
            for (int i = 0; i < 5; i++) {
                RecordedRequest request = take(server);
                assertThat(request.getConnectionIndex()).isZero();
                assertThat(request.getExchangeIndex()).isEqualTo(i);
                assertThat(request.getHeaders().get("Host")).isEqualTo("reviews:9080");
            }
        }
        assertThat(client.connectionPool().connectionCount()).isEqualTo(2);
        assertThat(mesh.outcomes).hasSize(10).containsOnly(new Outcome.Responded(200));
    }

    @Test
    void endpointsOfOneAddressAreToldApartByPort() throws Exception {
        MockWebServer one = backends.start("one");
        MockWebServer two = backends.start("two");
        AtomicInteger turn = new AtomicInteger();
        OkHttpClient client = backends.client(new ScriptedMesh(
                head -> Plan.to(endpoint(turn.getAndIncrement() % 2 == 0 ? one : two))));

        assertThat(get(client, "http://reviews/")).isEqualTo("one");
        assertThat(get(client, "http://reviews/")).isEqualTo("two");
        assertThat(get(client, "http://reviews/")).isEqualTo("one");
        assertThat(one.getRequestCount()).isEqualTo(2);
    }

    @Test
    void twoNamesOfOneEndpointKeepTheirHostHeaders() throws Exception {
        MockWebServer server = backends.start("one");
        OkHttpClient client = backends.client(new ScriptedMesh(head -> Plan.to(endpoint(server))));

        get(client, "http://reviews/");
        get(client, "http://reviews.default.svc.cluster.local/");

        assertThat(take(server).getHeaders().get("Host")).isEqualTo("reviews");
        assertThat(take(server).getHeaders().get("Host")).isEqualTo("reviews.default.svc.cluster.local");
    }

    @Test
    void anAddressInTheUrlIsSteeredLikeAName() throws Exception {
        MockWebServer server = backends.start("endpoint");
        OkHttpClient client = backends.client(new ScriptedMesh(head -> Plan.to(endpoint(server))));

        assertThat(get(client, "http://192.0.2.1:9080/")).isEqualTo("endpoint");
        assertThat(take(server).getHeaders().get("Host")).isEqualTo("192.0.2.1:9080");
    }

    @Test
    void anEndpointMayBeOnIpv6() throws Exception {
        MockWebServer server = backends.start("six", "::1");
        OkHttpClient client = backends.client(new ScriptedMesh(head -> Plan.to(endpoint("::1", server.getPort()))));

        assertThat(get(client, "http://reviews/")).isEqualTo("six");
    }

    @Test
    void theCallerSeesItsOwnUrlOnTheResponse() throws Exception {
        MockWebServer server = backends.start("one");
        OkHttpClient client = backends.client(new ScriptedMesh(
                head -> Plan.to(endpoint(server)).path("/rewritten?x").authority("other")));

        try (Response response = execute(client, "http://reviews/original")) {
            assertThat(response.request().url().toString()).isEqualTo("http://reviews/original");
            assertThat(response.request().header("Host")).isNull();
        }
        RecordedRequest sent = take(server);
        assertThat(sent.getTarget()).isEqualTo("/rewritten?x");
        assertThat(sent.getHeaders().get("Host")).isEqualTo("other");
    }

    @Test
    void theClientsProxyAndProxySelectorAreForUnknownHosts() throws Exception {
        MockWebServer server = backends.start("direct");
        OkHttpClient client = backends.builder(new ScriptedMesh(head -> Plan.to(endpoint(server))))
                .proxy(new Proxy(
                        Proxy.Type.HTTP,
                        new InetSocketAddress("127.0.0.1", backends.nobody().port())))
                .build();
        assertThat(get(client, "http://reviews/")).isEqualTo("direct");

        OkHttpClient selecting = backends.builder(new ScriptedMesh(head -> Plan.to(endpoint(server))))
                .proxySelector(new ProxySelector() {
                    @Override
                    public List<Proxy> select(URI uri) {
                        throw new AssertionError("asked for a proxy for " + uri);
                    }

                    @Override
                    public void connectFailed(URI uri, SocketAddress address, IOException e) {}
                })
                .build();
        assertThat(get(selecting, "http://reviews/")).isEqualTo("direct");
    }

    @Test
    void whenAnEndpointRefusesTheConnectionThenTheNextOneGetsTheCall() throws Exception {
        MockWebServer server = backends.start("alive");
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(backends.nobody(), backends.nobody(), endpoint(server)));

        assertThat(get(backends.client(mesh), "http://reviews/")).isEqualTo("alive");

        assertThat(mesh.outcomes).hasSize(3);
        assertThat(mesh.outcomes.subList(0, 2))
                .allSatisfy(outcome -> assertThat(outcome)
                        .isInstanceOfSatisfying(
                                Outcome.NeverSent.class,
                                never -> assertThat(never.flag()).isEqualTo(ResponseFlag.UF)));
        assertThat(mesh.failures).hasOnlyElementsOfType(ConnectException.class);
    }

    @Test
    void whenAnotherAttemptFollowsAnAnswerThenItDoesNotTakeTheFirstOnesConnection() throws Exception {
        MockWebServer one = backends.start("one");
        MockWebServer two = backends.start("two");
        MeshInterceptor.Execution retrying = exchange -> {
            for (MockWebServer first : List.of(one, one)) {
                var attempt = exchange.attempt(io.inmesh.call.Attempt.builder(1, exchange.head())
                        .endpoint(endpoint(first))
                        .build());
                attempt.discard(attempt.send());
            }
            return exchange.attempt(io.inmesh.call.Attempt.builder(2, exchange.head())
                            .endpoint(endpoint(two))
                            .build())
                    .send();
        };
        OkHttpClient client = backends.builder(new MeshInterceptor(retrying, () -> Backends.NOW))
                .build();

        assertThat(get(client, "http://reviews/")).isEqualTo("two");

        assertThat(take(one).getExchangeIndex()).isZero();
        assertThat(take(one).getExchangeIndex()).isEqualTo(1);
        assertThat(two.getRequestCount()).isEqualTo(1);
    }

    @Test
    void aSecondInterceptorOfTheClientDoesNotRouteTheCallAgain() throws Exception {
        MockWebServer server = backends.start("one");
        AtomicInteger asked = new AtomicInteger();
        ScriptedMesh mesh = new ScriptedMesh(head -> {
            asked.incrementAndGet();
            return Plan.to(endpoint(server)).path("/again" + head.pathAndQuery());
        });
        OkHttpClient client = backends.builder(mesh)
                .addInterceptor(new MeshInterceptor(mesh, () -> Backends.NOW))
                .build();

        assertThat(get(client, "http://reviews/x")).isEqualTo("one");
        assertThat(take(server).getTarget()).isEqualTo("/again/x");
        assertThat(asked).hasValue(1);
    }

    @Test
    void asANetworkInterceptorItSaysWhatIsWrong() {
        MockWebServer server = backends.start("one");
        OkHttpClient client = new OkHttpClient.Builder()
                .addNetworkInterceptor(new MeshInterceptor(exchange -> exchange.passThrough(), () -> Backends.NOW))
                .build();

        assertThatThrownBy(() -> get(client, server.url("/").toString()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("addInterceptor");
    }

    @Test
    void theClientsCacheAnswersWithoutAnEndpoint() throws Exception {
        MockWebServer server = backends.start("x");
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return new MockResponse.Builder()
                        .addHeader("Cache-Control", "max-age=3600")
                        .body("cached")
                        .build();
            }
        });
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(endpoint(server)));
        Cache cache = backends.closing(new Cache(cacheDirectory.toFile(), 1_000_000));
        OkHttpClient client = backends.builder(mesh).cache(cache).build();

        assertThat(get(client, "http://reviews/")).isEqualTo("cached");
        assertThat(get(client, "http://reviews/")).isEqualTo("cached");

        assertThat(server.getRequestCount()).isEqualTo(1);
        assertThat(mesh.outcomes).containsExactly(new Outcome.Responded(200), new Outcome.Responded(200));
    }

    @Test
    void noCallOfManyIsAnsweredByAnotherEndpointThanItsOwn() throws Exception {
        List<MockWebServer> servers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String name = String.valueOf(i);
            MockWebServer server = backends.start(name);
            AtomicInteger count = new AtomicInteger();
            server.setDispatcher(new Dispatcher() {
                @Override
                public MockResponse dispatch(RecordedRequest request) {
                    MockResponse.Builder answer = new MockResponse.Builder().body(name);
                    if (count.incrementAndGet() % 7 == 0) {
                        answer.onResponseEnd(new SocketEffect.CloseSocket());
                    }
                    return answer.build();
                }
            });
            servers.add(server);
        }
        ScriptedMesh mesh =
                new ScriptedMesh(head -> Plan.to(endpoint(servers.get(Integer.parseInt(head.headerValue(0))))));
        OkHttpClient client = backends.client(mesh);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        backends.closing(threads::shutdownNow);

        List<Future<Integer>> wrong = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            int first = t;
            wrong.add(threads.submit(() -> {
                int strays = 0;
                for (int i = 0; i < 200; i++) {
                    String wanted = String.valueOf((first + i) % 4);
                    Request request = new Request.Builder()
                            .url("http://reviews/")
                            .header("x-wanted", wanted)
                            .build();
                    try (Response response = client.newCall(request).execute()) {
                        strays += response.body().string().equals(wanted) ? 0 : 1;
                    }
                }
                return strays;
            }));
        }

        for (Future<Integer> strays : wrong) {
            assertThat(strays.get(60, TimeUnit.SECONDS)).isZero();
        }
        assertThat(mesh.outcomes).hasSize(1600).containsOnly(new Outcome.Responded(200));
    }

    @Test
    void gzipIsLeftToOkHttp() throws Exception {
        MockWebServer server = backends.start("one");
        get(backends.client(new ScriptedMesh(head -> Plan.to(endpoint(server)))), "http://reviews/");

        assertThat(take(server).getHeaders().get("accept-encoding")).isEqualTo("gzip");
    }

    private static Response execute(OkHttpClient client, String url) throws IOException {
        return client.newCall(new Request.Builder().url(url).build()).execute();
    }

    private static String get(OkHttpClient client, String url) throws IOException {
        try (Response response = execute(client, url)) {
            return response.body().string();
        }
    }
}
