package io.inmesh.okhttp;

import static io.inmesh.okhttp.Backends.endpoint;
import static io.inmesh.okhttp.Backends.nobody;
import static io.inmesh.okhttp.Backends.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inmesh.call.HeaderField;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.okhttp.ScriptedMesh.Plan;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SteeringTest {
    @RegisterExtension
    final Backends backends = new Backends();

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
        assertThat(Objects.requireNonNull(mesh.latest).patienceNanos()).isEqualTo(2_500_000_000L);

        get(client.newBuilder().readTimeout(Duration.ZERO).build(), "http://reviews/");
        assertThat(Objects.requireNonNull(mesh.latest).patienceNanos()).isZero();
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
                .proxy(new Proxy(Proxy.Type.HTTP, new InetSocketAddress("127.0.0.1", nobody().port())))
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
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(nobody(), nobody(), endpoint(server)));

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
            var head = exchange.head();
            for (MockWebServer first : List.of(one, one)) {
                exchange.discard(exchange.send(
                        new io.inmesh.call.Attempt(1, endpoint(first), head.authority(), head.pathAndQuery(), null)));
            }
            return exchange.send(
                    new io.inmesh.call.Attempt(2, endpoint(two), head.authority(), head.pathAndQuery(), null));
        };
        OkHttpClient client = backends.builder(new MeshInterceptor(retrying, () -> Backends.NOW))
                .build();

        assertThat(get(client, "http://reviews/")).isEqualTo("two");

        assertThat(take(one).getExchangeIndex()).isZero();
        assertThat(take(one).getExchangeIndex()).isEqualTo(1);
        assertThat(two.getRequestCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "//bar",
                "/a//b",
                "/a;v=1/b",
                "/a%2fb",
                "/a%2Fb",
                "/a%20b",
                "/a+b",
                "/%e2%82%ac",
                "/%E2%82%AC",
                "/a%5Cb",
                "/a%00b",
                "/100%",
                "/%zz",
                "/a:b@c!$&'()*,=~",
                "/p?",
                "/p?q",
                "/p?q=",
                "/p?q=a%20b+c&d",
                "/p?a=1?b=2",
                "/p?a=/../b",
                "/p?%E2%82%AC=%e2%82%ac",
            })
    void aPathIsSentByteForByte(String path) throws Exception {
        assertThat(sentFor(path)).isEqualTo(path);
    }

    @ParameterizedTest
    @CsvSource({
        "/a/../b, /b",
        "/a/%2e%2e/b, /b",
        "/a/./b, /a/b",
        "/a\\b, /a/b",
        "/a b, /a%20b",
        "/€, /%E2%82%AC",
        "/a#b, /a%23b",
        "/a|b{c}, /a%7Cb%7Bc%7D",
        "/p?a b, /p?a%20b",
        "/p?a'b, /p?a%27b",
        "no-slash, /no-slash",
    })
    void whatNoUrlMayHoldIsSentAsOkHttpWritesIt(String path, String sent) throws Exception {
        assertThat(sentFor(path)).isEqualTo(sent);
    }

    private String sentFor(String path) throws Exception {
        MockWebServer server = backends.start("one");
        OkHttpClient client = backends.client(
                new ScriptedMesh(head -> Plan.to(endpoint(server)).path(path)));
        get(client, "http://reviews/some/other");
        return take(server).getTarget();
    }

    @Test
    void headersOfTheAttemptReplaceAllButThoseOfTheConnection() throws Exception {
        MockWebServer server = backends.start("one");
        OkHttpClient client = backends.client(new ScriptedMesh(head -> Plan.to(endpoint(server))
                .headers(
                        new HeaderField("x-added", "1"),
                        new HeaderField("x-added", "2"),
                        new HeaderField("x-latin", "caf\u00e9"),
                        new HeaderField("user-agent", "mesh"),
                        new HeaderField("host", "evil"),
                        new HeaderField("connection", "x-added"),
                        new HeaderField("content-length", "999"),
                        new HeaderField("transfer-encoding", "chunked"),
                        new HeaderField(":path", "/evil"))));

        Request request = new Request.Builder()
                .url("http://reviews/")
                .header("x-gone", "1")
                .header("Connection", "close")
                .build();
        client.newCall(request).execute().close();

        RecordedRequest sent = take(server);
        assertThat(sent.getHeaders().values("x-added")).containsExactly("1", "2");
        assertThat(sent.getHeaders().get("x-gone")).isNull();
        assertThat(sent.getHeaders().get("user-agent")).isEqualTo("mesh");
        assertThat(sent.getHeaders().values("host")).containsExactly("reviews");
        assertThat(sent.getHeaders().values("connection")).containsExactly("close");
        assertThat(sent.getHeaders().get("content-length")).isNull();
        assertThat(sent.getHeaders().get("transfer-encoding")).isNull();
        assertThat(sent.getTarget()).isEqualTo("/");
    }

    @Test
    void aRuleMayChangeTheContentTypeOfABody() throws Exception {
        MockWebServer server = backends.start("one");
        OkHttpClient client = backends.client(new ScriptedMesh(
                head -> Plan.to(endpoint(server)).headers(new HeaderField("Content-Type", "application/x-changed"))));

        Request request = new Request.Builder()
                .url("http://reviews/")
                .post(RequestBody.create("{}", MediaType.get("application/json")))
                .build();
        client.newCall(request).execute().close();

        RecordedRequest sent = take(server);
        assertThat(sent.getHeaders().values("content-type")).containsExactly("application/x-changed");
        assertThat(sent.getHeaders().values("content-length")).containsExactly("2");
        assertThat(sent.getBody().utf8()).isEqualTo("{}");
    }

    @Test
    void aHeaderThatCannotBeSentIsAClearFailure() {
        MockWebServer server = backends.start("one");
        OkHttpClient client = backends.client(
                new ScriptedMesh(head -> Plan.to(endpoint(server)).headers(new HeaderField("x-bad", "line\nbreak"))));

        assertThatThrownBy(() -> get(client, "http://reviews/"))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("x-bad");
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
