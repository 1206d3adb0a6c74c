package io.inmesh.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inmesh.call.HeaderField;
import io.inmesh.call.MeshException;
import io.inmesh.call.SimpleRequestHead;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Response;
import okio.Buffer;
import okio.GzipSink;
import okio.Okio;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayCallsTest {
    @RegisterExtension
    final Backends backends = new Backends();

    private GatewayCalls calls() {
        return calls(new OkHttpClient.Builder());
    }

    private GatewayCalls calls(OkHttpClient.Builder settings) {
        OkHttpClient client = settings.readTimeout(5, TimeUnit.SECONDS).build();
        backends.closing(() -> {
            client.connectionPool().evictAll();
            client.dispatcher().executorService().shutdown();
        });
        return GatewayCalls.over(client, GatewayCalls.RETRY_BODY_BYTES);
    }

    private static SimpleRequestHead head(String method, String path, HeaderField... headers) {
        return new SimpleRequestHead(method, "http", "shop.example:8080", 8080, path, List.of(headers));
    }

    private static GatewayRequest.Content content(String text, boolean told) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new GatewayRequest.Content() {
            @Override
            public long length() {
                return told ? bytes.length : -1;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(bytes);
            }
        };
    }

    private static Response send(
            GatewayCalls calls, SimpleRequestHead head, GatewayRequest.@Nullable Content content, ScriptedMesh mesh)
            throws IOException {
        return calls.newCall(new GatewayRequest(head, content), mesh::execute).execute();
    }

    private MockWebServer answering(MockResponse answer, Protocol... protocols) throws IOException {
        MockWebServer server = backends.start("server", "127.0.0.1", protocols);
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return answer;
            }
        });
        return server;
    }

    private static ScriptedMesh to(MockWebServer... servers) {
        List<io.inmesh.endpoint.Endpoint> endpoints = new ArrayList<>();
        for (MockWebServer server : servers) {
            endpoints.add(Backends.endpoint(server));
        }
        return new ScriptedMesh(head -> ScriptedMesh.Plan.to(endpoints.toArray(new io.inmesh.endpoint.Endpoint[0])));
    }

    @Test
    void sendsPathAndQueryByteForByte() throws Exception {
        StringBuilder all = new StringBuilder("/");
        for (char c = '!'; c < 0x7f; c++) {
            if (c != '#' && c != '?') {
                all.append(c);
            }
        }
        MockWebServer server = backends.start("server");
        GatewayCalls calls = calls();
        for (String path : List.of(
                all + "?" + all,
                "/?",
                "/",
                "//a//b",
                "/a/../b/./c/%2e%2e/%2E",
                "/..;/a;x=1",
                "/a%2fb%5c%00%zz%",
                "/a?b='c'&d=%27&e=+&f=%20&&=&g",
                "/a?b=\"<>^`{|}[]\\")) {
            send(calls, head("GET", path), null, to(server)).close();

            assertThat(Backends.take(server).getTarget()).isEqualTo(path);
        }
    }

    @Test
    void sendsAPathThatTheRulesHaveChanged() throws Exception {
        MockWebServer server = backends.start("server");
        ScriptedMesh mesh = new ScriptedMesh(
                head -> ScriptedMesh.Plan.to(Backends.endpoint(server)).path("//new/{x}?'y'"));

        send(calls(), head("GET", "/old"), null, mesh).close();

        assertThat(Backends.take(server).getTarget()).isEqualTo("//new/{x}?'y'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a b", "/a#b", "/\u00e4", "a", "", "/a\u0000", "/a\r\nX: y", "/\u007f", "*"})
    void refusesWhatCannotStandInARequestLine(String path) {
        assertThatThrownBy(() -> send(calls(), head("GET", path), null, to())).isInstanceOf(ProtocolException.class);
    }

    @Test
    void refusesAPathThatAnOlderOkHttpWouldChange() throws Exception {
        assertThat(ExactUrl.built("http", "a", 80, "/b/c;d?e=f").toString()).isEqualTo("http://a/b/c;d?e=f");
        assertThat(ExactUrl.of("http", "::1", 81, "/b?").toString()).isEqualTo("http://[::1]:81/b?");
        for (String path : List.of("/a/../b", "/{a}", "/a?'b'", "/a\\b", "/%2e/a")) {
            assertThatThrownBy(() -> ExactUrl.built("http", "a", 80, path))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining("would be sent as");
        }
    }

    @Test
    void addsNothingOfItsOwn() throws Exception {
        MockWebServer server = backends.start("server");

        send(calls(), head("GET", "/", new HeaderField("X-Mine", "gr\u00fcn")), null, to(server))
                .close();

        RecordedRequest bare = Backends.take(server);
        assertThat(bare.getHeaders().names()).containsExactlyInAnyOrder("Host", "X-Mine", "x-envoy-attempt-count");
        assertThat(bare.getHeaders().get("Host")).isEqualTo("shop.example:8080");
        assertThat(bare.getHeaders().get("X-Mine")).isEqualTo("gr\u00fcn");

        send(
                        calls(),
                        head("GET", "/", new HeaderField("accept-encoding", "br"), new HeaderField("user-agent", "me")),
                        null,
                        to(server))
                .close();

        RecordedRequest told = Backends.take(server);
        assertThat(told.getHeaders().get("Accept-Encoding")).isEqualTo("br");
        assertThat(told.getHeaders().get("User-Agent")).isEqualTo("me");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void leavesACompressedBodyAsItIs(boolean asked) throws Exception {
        Buffer zipped = new Buffer();
        try (var sink = Okio.buffer(new GzipSink(zipped))) {
            sink.writeUtf8("text");
        }
        byte[] bytes = zipped.readByteArray();
        MockWebServer server = answering(new MockResponse.Builder()
                .addHeader("Content-Encoding", "gzip")
                .body(new Buffer().write(bytes))
                .build());
        HeaderField[] headers =
                asked ? new HeaderField[] {new HeaderField("Accept-Encoding", "gzip")} : new HeaderField[0];

        try (Response response = send(calls(), head("GET", "/", headers), null, to(server))) {
            assertThat(response.header("Content-Encoding")).isEqualTo("gzip");
            assertThat(response.header("Content-Length")).isEqualTo("" + bytes.length);
            assertThat(response.body().bytes()).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"408", "421", "503 Retry-After: 0", "301 Location: /b", "307 Location: /b", "401", "407"})
    void handsEveryAnswerOutAndSendsOnce(String answer) throws Exception {
        String[] parts = answer.split("[: ]+", -1);
        MockResponse.Builder response =
                new MockResponse.Builder().code(Integer.parseInt(parts[0])).body("first");
        if (parts.length > 1) {
            response.addHeader(parts[1], parts[2]);
        }
        MockWebServer server = answering(response.build());
        GatewayCalls calls = calls(new OkHttpClient.Builder()
                .authenticator((route, refused) -> refused.request())
                .proxyAuthenticator((route, refused) -> refused.request()));

        try (Response got = send(calls, head("GET", "/"), null, to(server))) {
            assertThat(got.code()).isEqualTo(Integer.parseInt(parts[0]));
            assertThat(got.body().string()).isEqualTo("first");
            if (parts.length > 1) {
                assertThat(got.headers(parts[1])).containsExactly(parts[2]);
            }
        }
        try (Response got = send(calls, head("POST", "/"), content("body", true), to(server))) {
            assertThat(got.code()).isEqualTo(Integer.parseInt(parts[0]));
        }
        assertThat(server.getRequestCount()).isEqualTo(2);
    }

    @Test
    void remembersNoCookie() throws Exception {
        MockWebServer server = answering(
                new MockResponse.Builder().addHeader("Set-Cookie", "a=b").build());
        GatewayCalls calls = calls(new OkHttpClient.Builder().cookieJar(new CookieJar() {
            @Override
            public void saveFromResponse(HttpUrl url, List<Cookie> cookies) {
                throw new AssertionError("asked for cookies");
            }

            @Override
            public List<Cookie> loadForRequest(HttpUrl url) {
                throw new AssertionError("asked for cookies");
            }
        }));

        try (Response response = send(calls, head("GET", "/"), null, to(server))) {
            assertThat(response.header("Set-Cookie")).isEqualTo("a=b");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void framesABodyAnew(boolean told) throws Exception {
        MockWebServer server = backends.start("server");

        send(calls(), head("POST", "/", new HeaderField("Content-Type", "a/b")), content("body", told), to(server))
                .close();

        RecordedRequest got = Backends.take(server);
        assertThat(got.getBody().utf8()).isEqualTo("body");
        assertThat(got.getHeaders().values("Content-Type")).containsExactly("a/b");
        assertThat(got.getHeaders().get("Content-Length")).isEqualTo(told ? "4" : null);
        assertThat(got.getHeaders().get("Transfer-Encoding")).isEqualTo(told ? null : "chunked");
    }

    @Test
    void sendsNoBodyWhereNoneCame() throws Exception {
        MockWebServer server = backends.start("server");

        send(calls(), head("DELETE", "/"), null, to(server)).close();
        assertThat(Backends.take(server).getHeaders().get("Content-Length")).isNull();
        send(calls(), head("PUT", "/"), null, to(server)).close();
        assertThat(Backends.take(server).getHeaders().get("Content-Length")).isEqualTo("0");
        send(calls(), head("propfind", "/"), null, to(server)).close();
        assertThat(Backends.take(server).getMethod()).isEqualTo("propfind");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD"})
    void refusesABodyThatOkHttpWouldDrop(String method) {
        assertThatThrownBy(() -> send(calls(), head(method, "/"), content("body", true), to()))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("a " + method + " with a body cannot be sent on");
    }

    @Test
    void sendsTheBeginningOfABodyAgain() throws Exception {
        MockWebServer server = backends.start("server");
        ScriptedMesh mesh =
                new ScriptedMesh(head -> ScriptedMesh.Plan.to(backends.nobody(), Backends.endpoint(server)));

        send(calls(), head("POST", "/"), content("body", true), mesh).close();

        assertThat(Backends.take(server).getBody().utf8()).isEqualTo("body");
        assertThat(mesh.outcomes).hasSize(2);
        assertThat(mesh.outcomes.get(0)).isInstanceOf(Outcome.NeverSent.class);
    }

    @Test
    void keepsAsMuchOfABodyAsItIsTold() throws Exception {
        GatewayBody small = new GatewayBody(content("0123456789", true), 10);
        Buffer sent = new Buffer();
        small.writeTo(sent);
        assertThat(small.isOneShot()).isFalse();
        small.writeTo(sent);
        assertThat(sent.readUtf8()).isEqualTo("01234567890123456789");
        small.forget();
        assertThat(small.isOneShot()).isTrue();

        GatewayBody large = new GatewayBody(content("0123456789", true), 9);
        large.writeTo(sent);
        assertThat(sent.readUtf8()).isEqualTo("0123456789");
        assertThat(large.isOneShot()).isTrue();
        assertThatThrownBy(() -> large.writeTo(sent)).isInstanceOf(IOException.class);
    }

    @Test
    void passesNothingThrough() {
        ScriptedMesh nowhere = new ScriptedMesh(head -> null);
        assertThatThrownBy(() -> send(calls(), head("GET", "/"), null, nowhere))
                .isInstanceOfSatisfying(
                        MeshException.class, e -> assertThat(e.flag()).isEqualTo(ResponseFlag.NR));
    }

    @Test
    void sendsNothingToTheAddressThatARequestNames() {
        GatewayCall.Routing original = exchange -> exchange.attempt(
                        io.inmesh.call.Attempt.builder(1, exchange.head()).build())
                .send();
        assertThatThrownBy(() -> calls().newCall(new GatewayRequest(head("GET", "/"), null), original)
                        .execute())
                .isInstanceOfSatisfying(
                        MeshException.class, e -> assertThat(e.flag()).isEqualTo(ResponseFlag.NC));
    }

    @Test
    void sharesConnectionsBetweenHosts() throws Exception {
        MockWebServer server = backends.start("server");
        GatewayCalls calls = calls();
        for (int i = 0; i < 5; i++) {
            SimpleRequestHead head = new SimpleRequestHead("GET", "http", "host-" + i + ".example", 80, "/", List.of());
            try (Response response = send(calls, head, null, to(server))) {
                response.body().bytes();
            }
        }
        assertThat(Backends.connections(List.of(server))).isEqualTo(1);
    }

    @Test
    void speaksHttp2WhereTheEndpointDoes() throws Exception {
        MockWebServer server = backends.start("server", "127.0.0.1", Protocol.H2_PRIOR_KNOWLEDGE);
        ScriptedMesh mesh = new ScriptedMesh(
                head -> ScriptedMesh.Plan.to(Backends.endpoint(server)).http2());

        try (Response response =
                send(calls(), head("POST", "/{a}?'b'", new HeaderField("X-A", "1")), content("body", false), mesh)) {
            assertThat(response.protocol()).isEqualTo(Protocol.H2_PRIOR_KNOWLEDGE);
            assertThat(response.body().string()).isEqualTo("server");
        }

        RecordedRequest got = Backends.take(server);
        assertThat(got.getTarget()).isEqualTo("/{a}?'b'");
        assertThat(got.getHeaders().get(":authority")).isEqualTo("shop.example:8080");
        assertThat(got.getHeaders().get("user-agent")).isNull();
        assertThat(got.getBody().utf8()).isEqualTo("body");
    }

    @Test
    void endsACallThatIsCancelled() throws Exception {
        MockWebServer server = answering(new MockResponse.Builder()
                .body("a".repeat(1000))
                .throttleBody(10, 1, TimeUnit.HOURS)
                .build());
        GatewayCall call = calls().newCall(new GatewayRequest(head("GET", "/"), null), to(server)::execute);
        try (Response response = call.execute()) {
            assertThat(response.body().source().readByte()).isEqualTo((byte) 'a');
            call.cancel();
            assertThatThrownBy(() -> response.body().source().readByteArray()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void takesNoClientThatGoesThroughAMesh() {
        OkHttpClient meshed = backends.builder(to()).build();
        assertThatThrownBy(() -> GatewayCalls.over(meshed, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> GatewayCalls.over(new OkHttpClient(), -1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
