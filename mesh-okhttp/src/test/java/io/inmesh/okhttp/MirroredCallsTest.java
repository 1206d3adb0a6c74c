package io.inmesh.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.call.HeaderField;
import io.inmesh.call.RouteGate;
import io.inmesh.call.SimpleRequestHead;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.observe.EndedCopy;
import io.inmesh.observe.EndedCopy.Result;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.junit.jupiter.api.Test;

/** Copies of calls over real sockets: v1 is called, v2 gets the copies. */
class MirroredCallsTest extends MeshFixture {
    private static final String TO_V1 = """
            http:
            - route: [{destination: {host: reviews, subset: v1}}]
              mirror: {host: reviews, subset: v2}
            """;

    private final MockWebServer v1 = backends.start("v1");
    private final MockWebServer v2 = backends.start("v2");

    private static final String SUBSETS = """
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: reviews}
            spec:
              host: reviews
              subsets:
              - {name: v1, labels: {version: v1}}
              - {name: v2, labels: {version: v2}}
            """;

    private OkHttpClient client() {
        return client(services(), SUBSETS + rule(TO_V1));
    }

    private String services() {
        return service(Backends.endpoint(v1), Backends.endpoint(v2));
    }

    private static RecordedRequest copy(MockWebServer server) throws InterruptedException {
        return Backends.take(server);
    }

    private static String body(RecordedRequest request) {
        return request.getBody() == null ? "" : request.getBody().utf8();
    }

    /** A body of the application's own, which counts how often it is asked. */
    private static final class Counted extends RequestBody {
        private final String text;
        private final long length;
        private final boolean once;
        final AtomicInteger written = new AtomicInteger();

        Counted(String text, long length, boolean once) {
            this.text = text;
            this.length = length;
            this.once = once;
        }

        @Override
        public MediaType contentType() {
            return MediaType.get("text/plain");
        }

        @Override
        public long contentLength() {
            return length;
        }

        @Override
        public boolean isOneShot() {
            return once;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            written.incrementAndGet();
            sink.writeUtf8(text.substring(0, 1));
            sink.flush();
            sink.writeUtf8(text.substring(1));
        }
    }

    @Test
    void theCopyIsTheSameRequest() throws Exception {
        Request request = request().url(URL + "m/1?q=%2f").header("x-a", "1").build();

        assertThat(get(client(), request.newBuilder())).isEqualTo("v1");

        RecordedRequest copy = copy(v2);
        RecordedRequest original = copy(v1);
        assertThat(copy.getRequestLine()).isEqualTo("GET /m/1?q=%2f HTTP/1.1");
        assertThat(copy.getHeaders()).isEqualTo(original.getHeaders());
        assertThat(copy.getHeaders().get("Host")).isEqualTo("reviews:9080");
        assertThat(copy.getHeaders().get("x-envoy-attempt-count")).isEqualTo("1");
    }

    /** Whatever the body is like, it is asked for its bytes by the call alone. */
    @Test
    void theCopyHasTheBodyThatTheCallHasSent() throws Exception {
        OkHttpClient client = client();
        String text = "text".repeat(1000);

        for (Counted body : List.of(
                new Counted(text, text.length(), false),
                new Counted(text, text.length(), true),
                new Counted(text, -1, false),
                new Counted(text, -1, true))) {
            assertThat(get(client, request().post(body))).isEqualTo("v1");

            RecordedRequest copy = copy(v2);
            assertThat(body(copy)).isEqualTo(text);
            assertThat(body(copy(v1))).isEqualTo(text);
            assertThat(copy.getHeaders().get("Content-Type")).isEqualTo("text/plain");
            assertThat(body.written).hasValue(1);
        }
    }

    @Test
    void aLongBodyIsNotCopied() throws Exception {
        OkHttpClient client = client();
        String text = "x".repeat(65_537);

        assertThat(get(client, request().post(new Counted(text, text.length(), false))))
                .isEqualTo("v1");
        assertThat(get(client, request().post(new Counted(text, -1, false)))).isEqualTo("v1");

        assertThat(body(copy(v1))).isEqualTo(text);
        assertThat(body(copy(v1))).isEqualTo(text);
        assertThat(observer.copies())
                .extracting(EndedCopy::result)
                .containsExactly(Result.NOT_COPIED, Result.NOT_COPIED);
        assertThat(v2.getRequestCount()).isZero();
    }

    /** A server that does not answer keeps neither the call nor the end of the mesh waiting. */
    @Test
    void theCallDoesNotWaitForTheCopy() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        v2.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
                over.await(30, TimeUnit.SECONDS);
                return new MockResponse.Builder().code(204).build();
            }
        });
        Mesh mesh = Mesh.builder()
                .config(TextConfigSource.of("rules", services() + SUBSETS + rule(TO_V1)))
                .observer(observer)
                .build();
        OkHttpClient client = backends.builder(new MeshInterceptor(mesh)).build();

        assertThat(get(client, URL)).isEqualTo("v1");
        copy(v2);
        assertThat(observer.copies()).isEmpty();
        mesh.close();

        // Fails while a thread of the mesh is alive.
        leaks.afterEach(null);
        over.countDown();
    }

    @Test
    void aCopyThatCannotBeSentIsNoFailureOfTheCall() throws Exception {
        OkHttpClient client = client(service(Backends.endpoint(v1), backends.nobody()), SUBSETS + rule(TO_V1));

        assertThat(get(client, URL)).isEqualTo("v1");
        observer.awaitCopies(1);

        assertThat(observer.calls()).singleElement().satisfies(call -> {
            assertThat(call.flag()).isNull();
            assertThat(call.status()).isEqualTo(200);
        });
    }

    /** Those before the mesh's see the call, those after it see what is sent. */
    @Test
    void interceptorsSeeCopiesWhereTheySeeAttempts() throws Exception {
        AtomicInteger before = new AtomicInteger();
        OkHttpClient client = client();
        OkHttpClient.Builder builder = client.newBuilder();
        builder.interceptors().add(0, chain -> {
            before.incrementAndGet();
            return chain.proceed(chain.request());
        });
        builder.addInterceptor(chain -> chain.proceed(
                chain.request().newBuilder().header("x-signed", "yes").build()));

        assertThat(get(builder.build(), URL)).isEqualTo("v1");

        assertThat(copy(v2).getHeaders().get("x-signed")).isEqualTo("yes");
        assertThat(before).hasValue(1);
    }

    @Test
    void whatACopyIsAnsweredDoesNotReachTheCaller() throws Exception {
        v2.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return new MockResponse.Builder()
                        .code(307)
                        .addHeader("Set-Cookie", "copied=yes")
                        .addHeader("Location", "/elsewhere")
                        .build();
            }
        });
        List<Cookie> saved = new CopyOnWriteArrayList<>();
        OkHttpClient client = client().newBuilder()
                .cookieJar(new CookieJar() {
                    @Override
                    public List<Cookie> loadForRequest(HttpUrl url) {
                        return List.of(new Cookie.Builder()
                                .domain(url.host())
                                .name("known")
                                .value("1")
                                .build());
                    }

                    @Override
                    public void saveFromResponse(HttpUrl url, List<Cookie> cookies) {
                        saved.addAll(cookies);
                    }
                })
                .build();

        assertThat(get(client, URL)).isEqualTo("v1");
        RecordedRequest copy = copy(v2);
        observer.awaitCopies(1);

        assertThat(copy.getHeaders().get("Cookie")).isEqualTo("known=1");
        assertThat(saved).isEmpty();
        assertThat(observer.copies())
                .containsExactly(new EndedCopy(
                        "default/reviews", "outbound|9080|v2|reviews.default.svc.cluster.local", Result.ANSWERED, 307));
        assertThat(v2.getRequestCount()).isEqualTo(1);
    }

    @Test
    void connectionsOfCopiesAreUsedAgain() throws Exception {
        OkHttpClient client = client();
        for (int call = 1; call <= 3; call++) {
            assertThat(get(client, URL)).isEqualTo("v1");
            observer.awaitCopies(1);
        }

        assertThat(Backends.connections(List.of(v2))).isEqualTo(1);
    }

    @Test
    void copiesGoByTheProtocolOfTheirDestination() throws Exception {
        MockWebServer h2 = backends.start("v2", "127.0.0.1", Protocol.H2_PRIOR_KNOWLEDGE);
        String copies = """
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: copies}
                spec:
                  hosts: [copies.default.svc.cluster.local]
                  resolution: STATIC
                  ports: [{number: 9080, name: http2, protocol: HTTP2}]
                  endpoints: [{address: 127.0.0.1, ports: {http2: %d}}]
                """.formatted(h2.getPort());
        OkHttpClient client = client(
                services() + "---\n" + copies.replaceFirst("---\n", ""),
                SUBSETS + rule(TO_V1.replace("reviews, subset: v2", "copies")));

        assertThat(get(client, request().post(new Counted("text", 4, true)))).isEqualTo("v1");

        RecordedRequest copy = copy(h2);
        assertThat(copy.getHandshake()).isNull();
        assertThat(body(copy)).isEqualTo("text");
        assertThat(copy.getHeaders().get(":authority")).isEqualTo("reviews:9080");
    }

    /** A body that came in can be read once, and what brought it may be gone when the copy is sent. */
    @Test
    void whatComesInAtAGatewayIsCopied() throws Exception {
        String gateway = """
                ---
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: front}
                spec: {servers: [{port: {number: 80, protocol: HTTP, name: http}, hosts: ["*"]}]}
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: reviews}
                spec:
                  hosts: [shop.example]
                  gateways: [front]
                """
                + TO_V1.replace("host: reviews,", "host: reviews, port: {number: 9080},")
                        .indent(2);
        Mesh mesh = leaks.watch(Mesh.builder()
                .config(TextConfigSource.of("rules", services() + SUBSETS + gateway))
                .observer(observer)
                .gateway()
                .build());
        OkHttpClient plain = backends.closing(new ClosedAfter()).client;
        GatewayCalls calls = GatewayCalls.over(plain, 0);
        SimpleRequestHead head = new SimpleRequestHead(
                "POST", "http", "shop.example", 80, "/a%2fb", List.of(new HeaderField("x-a", "1")));

        try (Response response = calls.newCall(
                        new GatewayRequest(head, content("body")),
                        exchange -> mesh.gatewayRules().execute(80, exchange, RouteGate.OPEN))
                .execute()) {
            assertThat(response.body().string()).isEqualTo("v1");
        }

        RecordedRequest copy = copy(v2);
        assertThat(copy.getRequestLine()).isEqualTo("POST /a%2fb HTTP/1.1");
        assertThat(body(copy)).isEqualTo("body");
        assertThat(copy.getHeaders().get("Host")).isEqualTo("shop.example");
        assertThat(copy.getHeaders().get("x-a")).isEqualTo("1");
        assertThat(copy.getHeaders().get("User-Agent")).isNull();
    }

    private static GatewayRequest.Content content(String text) {
        return new GatewayRequest.Content() {
            @Override
            public long length() {
                return -1;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
            }
        };
    }

    /** A client without a mesh. */
    private static final class ClosedAfter implements AutoCloseable {
        final OkHttpClient client = new OkHttpClient.Builder().build();

        @Override
        public void close() {
            client.connectionPool().evictAll();
            client.dispatcher().executorService().shutdown();
        }
    }
}
