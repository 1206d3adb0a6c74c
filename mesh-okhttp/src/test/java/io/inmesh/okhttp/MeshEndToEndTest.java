package io.inmesh.okhttp;

import static io.inmesh.okhttp.Backends.nobody;
import static io.inmesh.okhttp.Backends.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.inmesh.Mesh;
import io.inmesh.OutboundTrafficPolicy;
import io.inmesh.call.MeshException;
import io.inmesh.config.TextConfigSource;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.testing.LeakCheck;
import io.inmesh.testing.RecordingObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import okio.BufferedSink;
import okio.BufferedSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rules in YAML, a whole mesh, real sockets. */
class MeshEndToEndTest {
    private static final String URL = "http://reviews:9080/";

    @RegisterExtension
    final LeakCheck leaks = new LeakCheck();

    @RegisterExtension
    final Backends backends = new Backends();

    private final RecordingObserver observer = new RecordingObserver();

    @Test
    void weightsShareOutTheCalls() throws Exception {
        OkHttpClient client = versions("""
                http:
                - route:
                  - {destination: {host: reviews, subset: v1}, weight: 80}
                  - {destination: {host: reviews, subset: v2}, weight: 20}
                """);

        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < 1000; i++) {
            seen.merge(get(client, URL), 1, Integer::sum);
        }

        // Five standard deviations of a binomial distribution to either side.
        assertThat(seen.get("v2")).isBetween(200 - 64, 200 + 64);
        assertThat(seen.get("v1") + seen.get("v2")).isEqualTo(1000);
        assertThat(client.connectionPool().connectionCount()).isEqualTo(2);
        assertThat(observer.attempts()).hasSize(1000);
        assertThat(observer.calls()).hasSize(1000).allMatch(call -> call.status() == 200 && call.flag() == null);
    }

    @Test
    void headersChooseTheVersion() throws Exception {
        OkHttpClient client = versions("""
                http:
                - match: [{headers: {end-user: {exact: jason}}}]
                  route: [{destination: {host: reviews, subset: v2}}]
                - route: [{destination: {host: reviews, subset: v1}}]
                """);

        assertThat(get(client, URL)).isEqualTo("v1");
        assertThat(get(client, request().header("End-User", "jason"))).isEqualTo("v2");
        assertThat(get(client, request().header("end-user", "Jason"))).isEqualTo("v1");
    }

    @Test
    void aCookieOfTheClientsJarChoosesTheVersion() throws Exception {
        OkHttpClient client = versions("""
                http:
                - match: [{headers: {cookie: {regex: "^(.*?;)?(user=jason)(;.*)?$"}}}]
                  route: [{destination: {host: reviews, subset: v2}}]
                - route: [{destination: {host: reviews, subset: v1}}]
                """);
        CookieJar jar = new CookieJar() {
            @Override
            public void saveFromResponse(HttpUrl url, List<Cookie> cookies) {}

            @Override
            public List<Cookie> loadForRequest(HttpUrl url) {
                return List.of(new Cookie.Builder()
                        .name("user")
                        .value("jason")
                        .domain("reviews")
                        .build());
            }
        };

        assertThat(get(client, URL)).isEqualTo("v1");
        assertThat(get(client.newBuilder().cookieJar(jar).build(), URL)).isEqualTo("v2");
    }

    @Test
    void requestsAndResponsesAreRewritten() throws Exception {
        MockWebServer server = backends.start("v1");
        OkHttpClient client = client(service(Backends.endpoint(server)), rule("""
                http:
                - match: [{uri: {prefix: /old}}]
                  rewrite: {uri: /new//x, authority: other.example}
                  headers:
                    request: {set: {x-set: "1"}, add: {x-add: b}, remove: [x-gone]}
                    response: {set: {x-answer: "1"}, remove: [Content-Type]}
                  route: [{destination: {host: reviews}}]
                """));

        try (Response response = client.newCall(new Request.Builder()
                        .url("http://reviews:9080/old/a%2fb;c?q=%20")
                        .header("x-gone", "1")
                        .header("x-add", "a")
                        .build())
                .execute()) {
            assertThat(response.header("x-answer")).isEqualTo("1");
            assertThat(response.request().url().encodedPath()).isEqualTo("/old/a%2fb;c");
        }

        RecordedRequest sent = take(server);
        assertThat(sent.getTarget()).isEqualTo("/new//x/a%2fb;c?q=%20");
        assertThat(sent.getHeaders().get("Host")).isEqualTo("other.example");
        assertThat(sent.getHeaders().get("x-set")).isEqualTo("1");
        assertThat(sent.getHeaders().values("x-add")).containsExactly("a", "b");
        assertThat(sent.getHeaders().get("x-gone")).isNull();
    }

    @Test
    void aRedirectIsFollowedWhenTheClientFollows() throws Exception {
        OkHttpClient client = versions("""
                http:
                - match: [{uri: {exact: /old}}]
                  redirect: {uri: /new}
                - route: [{destination: {host: reviews, subset: v1}}]
                """);

        try (Response response = execute(client, "http://reviews:9080/old")) {
            assertThat(response.body().string()).isEqualTo("v1");
            assertThat(response.request().url().toString()).isEqualTo("http://reviews:9080/new");
            assertThat(response.priorResponse().code()).isEqualTo(301);
        }
        try (Response response =
                execute(client.newBuilder().followRedirects(false).build(), "http://reviews:9080/old")) {
            assertThat(response.code()).isEqualTo(301);
            assertThat(response.header("Location")).isEqualTo("http://reviews:9080/new");
        }
    }

    @Test
    void aDirectResponseAndAnInjectedAbortAreRealAnswers() throws Exception {
        OkHttpClient client = versions("""
                http:
                - match: [{uri: {exact: /direct}}]
                  directResponse: {status: 418, body: {string: short and stout}}
                - fault: {abort: {httpStatus: 555, percentage: {value: 100}}}
                  route: [{destination: {host: reviews, subset: v1}}]
                """);

        try (Response response = execute(client, "http://reviews:9080/direct")) {
            assertThat(response.code()).isEqualTo(418);
            assertThat(response.body().string()).isEqualTo("short and stout");
        }
        try (Response response = execute(client, URL)) {
            assertThat(response.code()).isEqualTo(555);
        }
        assertThat(observer.attempts()).isEmpty();
    }

    @Test
    void aDelayIsWaitedForAndACancelEndsIt() throws Exception {
        OkHttpClient client =
                versions("""
                http:
                - match: [{uri: {exact: /long}}]
                  fault: {delay: {fixedDelay: 60s, percentage: {value: 100}}}
                  route: [{destination: {host: reviews, subset: v1}}]
                - fault: {delay: {fixedDelay: 0.3s, percentage: {value: 100}}}
                  route: [{destination: {host: reviews, subset: v1}}]
                """).newBuilder().readTimeout(Duration.ZERO).build();

        long started = System.nanoTime();
        assertThat(get(client, URL)).isEqualTo("v1");
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThanOrEqualTo(Duration.ofMillis(300));

        Call call = client.newCall(
                new Request.Builder().url("http://reviews:9080/long").build());
        BlockingQueue<IOException> failures = new LinkedBlockingQueue<>();
        call.enqueue(new Callback() {
            @Override
            public void onFailure(Call failed, IOException e) {
                failures.add(e);
            }

            @Override
            public void onResponse(Call answered, Response response) {
                response.close();
            }
        });
        call.cancel();
        assertThat(failures.poll(10, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
    }

    @Test
    void aClientThatWaitsShorterThanTheDelayTimesOut() {
        OkHttpClient client =
                versions("""
                http:
                - fault: {delay: {fixedDelay: 60s, percentage: {value: 100}}}
                  route: [{destination: {host: reviews, subset: v1}}]
                """).newBuilder().readTimeout(Duration.ofMillis(100)).build();

        assertThatThrownBy(() -> get(client, URL)).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void theRoutesTimeoutEndsACallThatHasNoAnswer() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        RawServer server = backends.closing(new RawServer(connection -> {
            connection.read();
            over.await();
        }));
        OkHttpClient client = client(service(server.endpoint()), timeout("0.2s"));

        assertFlag(ResponseFlag.UT, () -> get(client, URL));
        over.countDown();

        assertThat(observer.attempts())
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.outcome()).isEqualTo(new Outcome.TimedOut()));
    }

    @Test
    void theRoutesTimeoutCutsASlowBody() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        RawServer server = backends.closing(new RawServer(connection -> {
            connection.read();
            connection.write("HTTP/1.1 200 OK\nContent-Length: 100\n\nabc");
            over.await();
        }));
        OkHttpClient client = client(service(server.endpoint()), timeout("0.3s"));

        try (Response response = execute(client, URL)) {
            BufferedSource source = response.body().source();
            assertThat(source.readUtf8(3)).isEqualTo("abc");
            assertFlag(ResponseFlag.UT, () -> source.readUtf8(1));
        }
        over.countDown();

        assertThat(observer.calls())
                .singleElement()
                .satisfies(call -> assertThat(call.flag()).isEqualTo(ResponseFlag.UT));
    }

    @Test
    void aCallInTimeIsNotDisturbedByItsDeadline() throws Exception {
        MockWebServer server = backends.start("v1");
        OkHttpClient client = client(service(Backends.endpoint(server)), timeout("0.2s"));

        Response response = execute(client, URL);
        assertThat(response.body().string()).isEqualTo("v1");
        for (int i = 0; i < 3; i++) {
            assertThat(get(client, URL)).isEqualTo("v1");
        }
        assertThat(take(server).getConnectionIndex()).isZero();
    }

    @Test
    void whenOneEndpointIsDeadThenTheOtherGetsEveryCall() throws Exception {
        MockWebServer alive = backends.start("alive");
        OkHttpClient client = client(service(nobody(), Backends.endpoint(alive)), "");

        for (int i = 0; i < 20; i++) {
            assertThat(get(client, URL)).isEqualTo("alive");
        }
        assertThat(observer.calls()).hasSize(20).allMatch(call -> call.flag() == null);
        assertThat(observer.attempts())
                .filteredOn(attempt -> attempt.outcome() instanceof Outcome.NeverSent)
                .isNotEmpty()
                .allMatch(attempt -> !attempt.endpoint()
                        .hostPort()
                        .equals(Backends.endpoint(alive).hostPort()));
    }

    @Test
    void whenEveryEndpointIsDeadThenTheCallSaysSo() {
        OkHttpClient client = client(service(nobody(), nobody(), nobody()), "");

        MeshException failure = assertFlag(ResponseFlag.URX, () -> get(client, URL));

        assertThat(failure).hasMessageContaining("reviews").hasMessageContaining("127.0.0.1:");
        assertThat(observer.attempts()).hasSize(3);
    }

    @Test
    void whenTheOnlyAttemptIsRefusedThenTheFlagIsThatOfTheConnection() {
        OkHttpClient client = client(service(nobody()), rule("""
                http:
                - retries: {attempts: 0}
                  route: [{destination: {host: reviews}}]
                """));

        assertFlag(ResponseFlag.UF, () -> get(client, URL));
        assertThat(observer.attempts()).hasSize(1);
    }

    @Test
    void whatTheMeshRefusesHasItsFlag() {
        OkHttpClient client = client(service(), rule("""
                http:
                - match: [{uri: {prefix: /nowhere}}]
                  route: [{destination: {host: no-such-service}}]
                - match: [{uri: {prefix: /empty}}]
                  route: [{destination: {host: reviews}}]
                """));

        assertFlag(ResponseFlag.NC, () -> get(client, "http://reviews:9080/nowhere"));
        assertFlag(ResponseFlag.UH, () -> get(client, "http://reviews:9080/empty"));
        assertFlag(ResponseFlag.NR, () -> get(client, "http://reviews:9080/other"));
    }

    @Test
    void unknownHostsAreCalledAsBeforeUnlessOnlyKnownOnesMayBe() throws Exception {
        MockWebServer server = backends.start("outside");
        String outside = server.url("/").toString();

        assertThat(get(client(service(), ""), outside)).isEqualTo("outside");

        Mesh strict = leaks.watch(Mesh.builder()
                .outboundTrafficPolicy(OutboundTrafficPolicy.REGISTRY_ONLY)
                .config(TextConfigSource.of("rules", service()))
                .build());
        OkHttpClient client = backends.builder(new MeshInterceptor(strict)).build();
        assertFlag(ResponseFlag.BLOCKED, () -> get(client, outside));
    }

    @Test
    void aClosedMeshLetsCallsThrough() throws Exception {
        MockWebServer server = backends.start("direct");
        Mesh mesh = leaks.watch(Mesh.builder()
                .outboundTrafficPolicy(OutboundTrafficPolicy.REGISTRY_ONLY)
                .config(TextConfigSource.of("rules", service()))
                .build());
        OkHttpClient client = backends.builder(new MeshInterceptor(mesh)).build();
        mesh.close();

        assertThat(get(client, server.url("/").toString())).isEqualTo("direct");
    }

    @Test
    void aServiceWithoutEndpointsOfItsOwnIsCalledAtItsAddress() throws Exception {
        MockWebServer server = backends.start("original");
        OkHttpClient client = client("""
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: external}
                spec:
                  hosts: [external.test]
                  resolution: NONE
                  ports: [{number: %d, name: http, protocol: HTTP}]
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: external}
                spec:
                  hosts: [external.test]
                  http:
                  - headers: {request: {set: {x-mesh: "1"}}}
                    route: [{destination: {host: external.test}}]
                """.formatted(server.getPort()), "");

        OkHttpClient resolving = client.newBuilder()
                .dns(host -> List.of(InetAddress.getByName("127.0.0.1")))
                .build();
        for (int i = 0; i < 3; i++) {
            assertThat(get(resolving, "http://external.test:" + server.getPort() + "/"))
                    .isEqualTo("original");
            RecordedRequest sent = take(server);
            assertThat(sent.getHeaders().get("x-mesh")).isEqualTo("1");
            assertThat(sent.getConnectionIndex()).isZero();
        }
    }

    @Test
    void httpsCallsKeepTheirNameWhateverTheEndpoint() throws Exception {
        HeldCertificate certificate = new HeldCertificate.Builder()
                .addSubjectAlternativeName("secure.test")
                .build();
        HandshakeCertificates serving =
                new HandshakeCertificates.Builder().heldCertificate(certificate).build();
        HandshakeCertificates trusting = new HandshakeCertificates.Builder()
                .addTrustedCertificate(certificate.certificate())
                .build();
        List<MockWebServer> servers = new ArrayList<>();
        StringBuilder endpoints = new StringBuilder();
        for (String name : List.of("one", "two")) {
            MockWebServer server = backends.prepare(name, Protocol.HTTP_2, Protocol.HTTP_1_1);
            server.useHttps(serving.sslSocketFactory());
            server.start(InetAddress.getByName("127.0.0.1"), 0);
            servers.add(server);
            endpoints.append("  - {address: 127.0.0.1, ports: {https: %d}}\n".formatted(server.getPort()));
        }
        OkHttpClient client = client("""
                        apiVersion: networking.istio.io/v1
                        kind: ServiceEntry
                        metadata: {name: secure}
                        spec:
                          hosts: [secure.test]
                          resolution: STATIC
                          ports: [{number: 443, name: https, protocol: HTTPS}]
                          endpoints:
                        """ + endpoints, """
                        ---
                        apiVersion: networking.istio.io/v1
                        kind: DestinationRule
                        metadata: {name: secure}
                        spec:
                          host: secure.test
                          trafficPolicy: {loadBalancer: {simple: ROUND_ROBIN}}
                        """)
                .newBuilder()
                .sslSocketFactory(trusting.sslSocketFactory(), trusting.trustManager())
                .build();

        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            answers.add(get(client, "https://secure.test/"));
        }

        assertThat(answers).containsOnly("one", "two");
        for (MockWebServer server : servers) {
            for (int i = 0; i < 3; i++) {
                RecordedRequest request = take(server);
                assertThat(request.getHandshakeServerNames()).containsExactly("secure.test");
                assertThat(request.getConnectionIndex()).isZero();
                assertThat(request.getVersion()).isEqualTo("HTTP/2");
            }
        }
    }

    @Test
    void aOneShotBodyIsStreamedToTheEndpointThatIsAlive() throws Exception {
        MockWebServer alive = backends.start("alive");
        OkHttpClient client = client(service(nobody(), Backends.endpoint(alive)), "");
        RequestBody body = new RequestBody() {
            @Override
            public MediaType contentType() {
                return null;
            }

            @Override
            public boolean isOneShot() {
                return true;
            }

            @Override
            public void writeTo(BufferedSink sink) throws IOException {
                sink.writeUtf8("once");
            }
        };

        for (int i = 0; i < 5; i++) {
            assertThat(get(client, request().post(body))).isEqualTo("alive");
            assertThat(take(alive).getBody().utf8()).isEqualTo("once");
        }
    }

    @Test
    void aCallThatIsCanceledWhileItWaitsEndsItsAttempt() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        MockWebServer server = backends.start("x");
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
                arrived.countDown();
                over.await();
                return new MockResponse.Builder().build();
            }
        });
        OkHttpClient client = client(service(Backends.endpoint(server)), "");
        Call call = client.newCall(request().build());
        Thread canceler = new Thread(() -> {
            try {
                if (arrived.await(10, TimeUnit.SECONDS)) {
                    call.cancel();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        canceler.start();

        Throwable failure = catchThrowable(() -> call.execute().close());
        canceler.join();
        over.countDown();

        assertThat(failure).isInstanceOf(IOException.class);
        assertThat(observer.attempts())
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.outcome()).isEqualTo(new Outcome.Canceled()));
        assertThat(observer.calls())
                .singleElement()
                .satisfies(ended -> assertThat(ended.flag()).isEqualTo(ResponseFlag.DC));
    }

    /** Two versions of reviews behind a rule. */
    private OkHttpClient versions(String http) {
        List<Endpoint> endpoints =
                List.of(Backends.endpoint(backends.start("v1")), Backends.endpoint(backends.start("v2")));
        return client(service(endpoints.toArray(new Endpoint[0])), """
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: reviews}
                spec:
                  host: reviews
                  subsets:
                  - {name: v1, labels: {version: v1}}
                  - {name: v2, labels: {version: v2}}
                """ + rule(http));
    }

    private OkHttpClient client(String services, String rules) {
        Mesh mesh = leaks.watch(Mesh.builder()
                .config(TextConfigSource.of("rules", services + rules))
                .observer(observer)
                .build());
        return backends.builder(new MeshInterceptor(mesh)).build();
    }

    private static String service(Endpoint... endpoints) {
        StringBuilder text = new StringBuilder("""
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: reviews}
                spec:
                  hosts: [reviews.default.svc.cluster.local]
                  resolution: STATIC
                  ports: [{number: 9080, name: http, protocol: HTTP}]
                """);
        text.append(endpoints.length == 0 ? "  endpoints: []\n" : "  endpoints:\n");
        for (int i = 0; i < endpoints.length; i++) {
            text.append("  - {address: %s, ports: {http: %d}, labels: {version: v%d}}\n"
                    .formatted(endpoints[i].address(), endpoints[i].port(), i + 1));
        }
        return text.toString();
    }

    private static String rule(String http) {
        return """
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: reviews}
                spec:
                  hosts: [reviews]
                """ + http.indent(2);
    }

    private static String timeout(String timeout) {
        return rule("http: [{timeout: %s, route: [{destination: {host: reviews}}]}]\n".formatted(timeout));
    }

    private static MeshException assertFlag(
            ResponseFlag flag, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        MeshException failure = catchThrowableOfType(MeshException.class, call);
        assertThat(failure).isNotNull();
        assertThat(failure.flag()).isEqualTo(flag);
        return failure;
    }

    private static Request.Builder request() {
        return new Request.Builder().url(URL);
    }

    private static Response execute(OkHttpClient client, String url) throws IOException {
        return client.newCall(new Request.Builder().url(url).build()).execute();
    }

    private static String get(OkHttpClient client, String url) throws IOException {
        return get(client, new Request.Builder().url(url));
    }

    private static String get(OkHttpClient client, Request.Builder request) throws IOException {
        try (Response response = client.newCall(request.build()).execute()) {
            return response.body().string();
        }
    }
}
