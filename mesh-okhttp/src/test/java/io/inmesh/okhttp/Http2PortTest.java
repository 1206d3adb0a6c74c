package io.inmesh.okhttp;

import static io.inmesh.okhttp.Backends.endpoint;
import static io.inmesh.okhttp.Backends.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.inmesh.Mesh;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.okhttp.ScriptedMesh.Plan;
import io.inmesh.testing.RawServer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ports that speak HTTP/2 without TLS, called by clients that do not. */
class Http2PortTest extends MeshFixture {
    private static String service(String protocol, String resolution, Endpoint... endpoints) {
        StringBuilder text = new StringBuilder("""
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: reviews}
                spec:
                  hosts: [reviews.default.svc.cluster.local]
                  resolution: %s
                  ports: [{number: 9080, name: p, protocol: %s}]
                  endpoints:
                """.formatted(resolution, protocol));
        for (Endpoint endpoint : endpoints) {
            text.append("  - {address: %s, ports: {p: %d}}\n".formatted(endpoint.address(), endpoint.port()));
        }
        return text.toString();
    }

    private static String policy(String connectionPool) {
        return """
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: reviews}
                spec:
                  host: reviews
                  trafficPolicy:
                    connectionPool: %s
                """.formatted(connectionPool);
    }

    private MockWebServer http2(String name) {
        return backends.start(name, "127.0.0.1", Protocol.H2_PRIOR_KNOWLEDGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP2", "GRPC", "GRPC-Web", "http2"})
    void isCalledByHttp2WhateverTheClientSpeaks(String protocol) throws Exception {
        MockWebServer server = http2("h2");
        OkHttpClient client = client(service(protocol, "STATIC", endpoint(server)), "");

        for (int i = 0; i < 3; i++) {
            assertThat(get(client, URL)).isEqualTo("h2");
            RecordedRequest request = take(server);
            assertThat(request.getVersion()).isEqualTo("HTTP/2");
            assertThat(request.getHeaders().get(":authority")).isEqualTo("reviews:9080");
            assertThat(request.getHeaders().get(":scheme")).isEqualTo("http");
            assertThat(request.getConnectionIndex()).isZero();
        }
    }

    @Test
    void bodiesGoBothWaysAndConcurrentCallsShareAConnection() throws Exception {
        MockWebServer server = http2("x");
        int calls = 8;
        CountDownLatch together = new CountDownLatch(calls);
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
                if (request.getTarget().equals("/together")) {
                    together.countDown();
                    together.await(10, TimeUnit.SECONDS);
                }
                return new MockResponse.Builder()
                        .body(request.getBody() == null ? "" : request.getBody().utf8())
                        .build();
            }
        });
        OkHttpClient client = client(service("GRPC", "STATIC", endpoint(server)), "");
        String body = "a".repeat(300_000);
        assertThat(get(client, request().post(RequestBody.create(body, MediaType.get("text/plain")))))
                .isEqualTo(body);
        ExecutorService threads = Executors.newFixedThreadPool(calls);
        backends.closing(threads::shutdownNow);
        List<Future<String>> answers = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            answers.add(threads.submit(() -> get(client, URL + "together")));
        }
        for (Future<String> answer : answers) {
            assertThat(answer.get(20, TimeUnit.SECONDS)).isEmpty();
        }

        for (int i = 0; i <= calls; i++) {
            assertThat(take(server).getConnectionIndex()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP", "TCP", ""})
    void otherPortsGetTheClientsProtocol(String protocol) throws Exception {
        MockWebServer server = backends.start("h1");
        OkHttpClient client = client(service(protocol, "STATIC", endpoint(server)), "");

        assertThat(get(client, URL)).isEqualTo("h1");
        assertThat(take(server).getVersion()).isEqualTo("HTTP/1.1");
    }

    @Test
    void useClientProtocolLeavesItToTheClient() throws Exception {
        MockWebServer server = backends.start("h1");
        OkHttpClient client =
                client(service("HTTP2", "STATIC", endpoint(server)), policy("{http: {useClientProtocol: true}}"));

        assertThat(get(client, URL)).isEqualTo("h1");
        assertThat(take(server).getVersion()).isEqualTo("HTTP/1.1");
    }

    @Test
    void anHttpPortIsUpgradedWhereThePolicySaysSo() throws Exception {
        MockWebServer server = http2("h2");
        OkHttpClient client =
                client(service("HTTP", "STATIC", endpoint(server)), policy("{http: {h2UpgradePolicy: UPGRADE}}"));

        assertThat(get(client, URL)).isEqualTo("h2");
        assertThat(take(server).getVersion()).isEqualTo("HTTP/2");
    }

    @Test
    void aServiceWithoutEndpointsIsCalledByHttp2AtItsOwnAddress() throws Exception {
        MockWebServer server = http2("h2");
        OkHttpClient client = client("""
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: local}
                spec:
                  hosts: [localhost]
                  resolution: NONE
                  ports: [{number: %d, name: grpc, protocol: GRPC}]
                """.formatted(server.getPort()), "");

        assertThat(get(client, "http://localhost:" + server.getPort() + "/")).isEqualTo("h2");
    }

    @Test
    void anEndpointThatCannotBeReachedIsPassedOver() throws Exception {
        MockWebServer server = http2("h2");
        OkHttpClient client = client(service("GRPC", "STATIC", Backends.nobody(), endpoint(server)), "");

        for (int i = 0; i < 10; i++) {
            assertThat(get(client, URL)).isEqualTo("h2");
        }
    }

    @Test
    void redirectsOfTheServerAreRoutedAgain() throws Exception {
        MockWebServer server = http2("x");
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return request.getTarget().equals("/")
                        ? new MockResponse.Builder()
                                .code(302)
                                .addHeader("Location", "/there")
                                .build()
                        : new MockResponse.Builder().body(request.getTarget()).build();
            }
        });
        OkHttpClient client = client(service("GRPC", "STATIC", endpoint(server)), "");

        assertThat(get(client, URL)).isEqualTo("/there");
        assertThat(observer.calls()).hasSize(2);
    }

    @Test
    void theInterceptorsOfTheClientSeeTheCallAsTheyDoWithoutHttp2() throws Exception {
        MockWebServer server = http2("h2");
        List<String> seen = new CopyOnWriteArrayList<>();
        OkHttpClient client = backends.builder(new ScriptedMesh(
                        head -> Plan.to(Backends.nobody(), endpoint(server)).http2()))
                .addInterceptor(chain -> {
                    seen.add("after");
                    return chain.proceed(
                            chain.request().newBuilder().header("x-after", "1").build());
                })
                .addNetworkInterceptor(chain -> {
                    seen.add("network " + chain.connection().protocol());
                    return chain.proceed(chain.request());
                })
                .build();
        OkHttpClient.Builder withOneBefore = client.newBuilder();
        withOneBefore.interceptors().add(0, chain -> {
            seen.add("before");
            return chain.proceed(chain.request());
        });

        assertThat(get(withOneBefore.build(), URL)).isEqualTo("h2");

        assertThat(seen).containsExactly("before", "after", "after", "network " + Protocol.H2_PRIOR_KNOWLEDGE);
        assertThat(take(server).getHeaders().get("x-after")).isEqualTo("1");
    }

    @Test
    void listenersHearOfOneCall() throws Exception {
        MockWebServer server = http2("h2");
        Told told = new Told();
        OkHttpClient client = backends.builder(
                        new ScriptedMesh(head -> Plan.to(endpoint(server)).http2()))
                .eventListener(told)
                .build();
        Call call = client.newCall(request().build());

        try (Response response = call.execute()) {
            assertThat(response.body().string()).isEqualTo("h2");
        }

        assertThat(told.calls).containsOnly(call);
        assertThat(told.events).containsExactlyInAnyOrder("start", "acquired", "headers", "body", "released", "end");
    }

    @Test
    void cancellingTheCallEndsTheBody() throws Exception {
        MockWebServer server = slow();
        OkHttpClient client = client(service("GRPC", "STATIC", endpoint(server)), "");
        Call call = client.newCall(request().build());

        try (Response response = call.execute()) {
            response.body().source().readUtf8(1);
            call.cancel();
            assertThatThrownBy(() -> response.body().source().readUtf8()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void theTimeoutOfTheCallCoversTheBody() throws Exception {
        MockWebServer server = slow();
        OkHttpClient client = client(service("GRPC", "STATIC", endpoint(server)), "")
                .newBuilder()
                .callTimeout(Duration.ofSeconds(1))
                .build();

        assertThatThrownBy(() -> get(client, URL)).isInstanceOf(InterruptedIOException.class);
    }

    /** A step of the machine's clock in mid-call is no time that has passed. */
    @Test
    void aStepOfTheClockDoesNotEndACallBeforeItsTimeout() throws Exception {
        Mesh mesh = leaks.watch(Mesh.builder()
                .config(TextConfigSource.of("rules", service("GRPC", "STATIC", endpoint(http2("v1")))))
                .build());
        AtomicLong day = new AtomicLong();
        OkHttpClient client = backends.builder(new MeshInterceptor(
                        mesh::execute, () -> Backends.NOW.plus(Duration.ofDays(day.getAndIncrement()))))
                .callTimeout(Duration.ofSeconds(10))
                .build();

        assertThat(get(client, URL)).isEqualTo("v1");
    }

    /** It is the proxy that speaks to the server. */
    @Test
    void aProxyIsSpokenToByHttp1() throws Exception {
        MockWebServer proxy = backends.start("proxied");
        OkHttpClient client = client(service("GRPC", "NONE").replace("  endpoints:\n", ""), "")
                .newBuilder()
                .proxy(new Proxy(Proxy.Type.HTTP, new InetSocketAddress("127.0.0.1", proxy.getPort())))
                .build();

        assertThat(get(client, URL)).isEqualTo("proxied");
        assertThat(take(proxy).getRequestLine())
                .startsWith("GET http://reviews:9080/")
                .endsWith("HTTP/1.1");
    }

    /** The target port is where the call goes, so a selector is asked about that. */
    @Test
    void aProxyIsChosenByTheTargetPort() throws Exception {
        MockWebServer proxy = backends.start("proxied");
        String entry = service("GRPC", "NONE")
                .replace("  endpoints:\n", "")
                .replace("number: 9080", "number: 9080, targetPort: 9081");
        OkHttpClient client = client(entry, "")
                .newBuilder()
                .proxySelector(new ProxySelector() {
                    @Override
                    public List<Proxy> select(URI uri) {
                        return List.of(
                                uri.getPort() == 9081
                                        ? new Proxy(
                                                Proxy.Type.HTTP, new InetSocketAddress("127.0.0.1", proxy.getPort()))
                                        : Proxy.NO_PROXY);
                    }

                    @Override
                    public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
                })
                .build();

        assertThat(get(client, URL)).isEqualTo("proxied");
        assertThat(take(proxy).getRequestLine()).endsWith("HTTP/1.1");
    }

    @Test
    void theTimeoutOfTheRouteCoversTheBody() throws Exception {
        MockWebServer server = slow();
        OkHttpClient client = client(service("GRPC", "STATIC", endpoint(server)), timeout("300ms"));

        assertFlag(ResponseFlag.UT, () -> get(client, URL));
    }

    /** Sends a byte, and the rest in half a minute. */
    private MockWebServer slow() {
        MockWebServer server = http2("x");
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return new MockResponse.Builder()
                        .body("a".repeat(30))
                        .throttleBody(1, 1, TimeUnit.SECONDS)
                        .build();
            }
        });
        return server;
    }

    @Test
    void aWrappedInterceptorIsToldTheWayOut() throws IOException {
        MockWebServer server = http2("h2");
        Mesh mesh = leaks.watch(Mesh.builder()
                .config(TextConfigSource.of("rules", service("GRPC", "STATIC", endpoint(server))))
                .build());
        MeshInterceptor interceptor = new MeshInterceptor(mesh);
        OkHttpClient.Builder wrapped = backends.builder(interceptor);
        wrapped.interceptors().clear();
        OkHttpClient client =
                wrapped.addInterceptor(chain -> interceptor.intercept(chain)).build();
        if (!ChainLine.isOffered()) {
            assertThat(get(client, URL))
                    .as("an attempt has a client of its own anyway")
                    .isEqualTo("h2");
            return;
        }

        Throwable failure = catchThrowable(() -> get(client, URL));

        assertThat(failure).isInstanceOf(IOException.class);
        assertThat(failure.getSuppressed())
                .anySatisfy(way -> assertThat(way)
                        .hasMessageContaining("HTTP/2 without TLS")
                        .hasMessageContaining("Protocol.H2_PRIOR_KNOWLEDGE"));

        server.close();
        assertThat(catchThrowable(() -> get(client, URL)).getSuppressed())
                .as("what was never connected has not failed for its protocol")
                .noneSatisfy(way -> assertThat(way).hasMessageContaining("HTTP/2 without TLS"));
    }

    @Test
    void aServerThatAnswersByHttp1IsToldAsSuch() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        RawServer server = backends.closing(new RawServer(connection -> {
            // An answer that is there before the request is a closed connection to OkHttp.
            connection.readHttp2Request();
            connection.write("HTTP/1.1 400 Bad Request\nContent-Length: 0\nConnection: close\n\n");
            read.await(10, TimeUnit.SECONDS);
        }));
        OkHttpClient client = client(service("GRPC", "STATIC", server.endpoint()), "");

        Throwable failure = catchThrowable(() -> get(client, URL));
        read.countDown();

        assertThat(failure).hasMessageContaining("answered by HTTP/1.1").hasMessageContaining("useClientProtocol");
        assertThat(observer.attempts())
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.outcome()).isInstanceOf(Outcome.Failed.class));
    }

    @Test
    void everyAttemptCarriesItsNumber() throws Exception {
        MockWebServer server = backends.start("ok");
        OkHttpClient client = backends.builder(new ScriptedMesh(head -> Plan.to(Backends.nobody(), endpoint(server))))
                .build();

        get(client, request().header("X-Envoy-Attempt-Count", "7"));

        assertThat(take(server).getHeaders().values("x-envoy-attempt-count")).containsExactly("2");
    }

    @Test
    void theFirstAttemptIsNumberOneAndAnUnknownHostGetsNone() throws Exception {
        MockWebServer server = backends.start("ok");
        OkHttpClient client = client(service("HTTP", "STATIC", endpoint(server)), "");

        get(client, URL);
        assertThat(take(server).getHeaders().values("x-envoy-attempt-count")).containsExactly("1");

        get(client, "http://127.0.0.1:" + server.getPort() + "/");
        assertThat(take(server).getHeaders().values("x-envoy-attempt-count")).isEmpty();
    }

    private static final class Told extends EventListener {
        final List<String> events = new CopyOnWriteArrayList<>();
        final List<Call> calls = new CopyOnWriteArrayList<>();

        private void told(String event, Call call) {
            events.add(event);
            calls.add(call);
        }

        @Override
        public void callStart(Call call) {
            told("start", call);
        }

        @Override
        public void connectionAcquired(Call call, Connection connection) {
            told("acquired", call);
        }

        @Override
        public void responseHeadersEnd(Call call, Response response) {
            told("headers", call);
        }

        @Override
        public void responseBodyEnd(Call call, long byteCount) {
            told("body", call);
        }

        @Override
        public void connectionReleased(Call call, @Nullable Connection connection) {
            told("released", call);
        }

        @Override
        public void callEnd(Call call) {
            told("end", call);
        }
    }
}
