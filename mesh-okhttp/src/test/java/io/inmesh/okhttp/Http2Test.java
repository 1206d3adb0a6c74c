package io.inmesh.okhttp;

import static io.inmesh.okhttp.Backends.endpoint;
import static io.inmesh.okhttp.Backends.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.okhttp.ScriptedMesh.Plan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
import okio.BufferedSink;
import okio.BufferedSource;
import okio.Okio;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** HTTP/2 without TLS, refused and reset streams, duplex bodies. */
class Http2Test {
    private static final int REFUSED_STREAM = 7;
    private static final int INTERNAL_ERROR = 2;

    @RegisterExtension
    final Backends backends = new Backends();

    @Test
    void http2WithPriorKnowledgeGoesToTheRightEndpointOnOneConnectionEach() throws Exception {
        MockWebServer one = backends.start("one", "127.0.0.1", Protocol.H2_PRIOR_KNOWLEDGE);
        MockWebServer two = backends.start("two", "127.0.0.2", Protocol.H2_PRIOR_KNOWLEDGE);
        AtomicInteger turn = new AtomicInteger();
        OkHttpClient client = backends.builder(new ScriptedMesh(head -> Plan.to(
                                endpoint(turn.getAndIncrement() % 2 == 0 ? one : two))
                        .authority("rewritten:81")))
                .protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE))
                .build();

        assertThat(sendAll(client, "http://reviews:9080/", 6))
                .containsExactly("one", "two", "one", "two", "one", "two");
        for (MockWebServer server : List.of(one, two)) {
            for (int i = 0; i < 3; i++) {
                RecordedRequest request = take(server);
                assertThat(request.getVersion()).isEqualTo("HTTP/2");
                assertThat(request.getHeaders().get(":authority")).isEqualTo("rewritten:81");
                assertThat(request.getConnectionIndex()).isZero();
            }
        }
    }

    @Test
    void concurrentCallsShareOneHttp2Connection() throws Exception {
        int calls = 8;
        CountDownLatch together = new CountDownLatch(calls);
        MockWebServer server = backends.start("ok", "127.0.0.1", Protocol.H2_PRIOR_KNOWLEDGE);
        OkHttpClient client = backends.builder(new ScriptedMesh(head -> Plan.to(endpoint(server))))
                .protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE))
                .build();
        get(client, "http://reviews/");
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
                together.countDown();
                together.await(10, TimeUnit.SECONDS);
                return new MockResponse.Builder().body("ok").build();
            }
        });
        ExecutorService threads = Executors.newFixedThreadPool(calls);
        backends.closing(threads::shutdownNow);

        List<Future<String>> answers = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            answers.add(threads.submit(() -> get(client, "http://reviews/")));
        }

        for (Future<String> answer : answers) {
            assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo("ok");
        }
        for (int i = 0; i <= calls; i++) {
            assertThat(take(server).getConnectionIndex()).isZero();
        }
    }

    @Test
    void aRefusedStreamWasNeverSentAndGoesToAnotherEndpoint() throws Exception {
        MockWebServer refusing = answering(new MockResponse.Builder()
                .onRequestStart(new SocketEffect.CloseStream(REFUSED_STREAM))
                .build());
        MockWebServer other = backends.start("other", "127.0.0.1", Protocol.H2_PRIOR_KNOWLEDGE);
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(endpoint(refusing), endpoint(other)));

        assertThat(get(priorKnowledge(mesh), "http://reviews/")).isEqualTo("other");

        assertThat(mesh.outcomes.get(0))
                .isInstanceOfSatisfying(
                        Outcome.NeverSent.class,
                        never -> assertThat(never.flag()).isEqualTo(ResponseFlag.UR));
    }

    @Test
    void aRefusedStreamWhoseBodyIsGoneIsNotSentAgain() throws Exception {
        MockWebServer refusing = answering(new MockResponse.Builder()
                .onRequestStart(new SocketEffect.CloseStream(REFUSED_STREAM))
                .build());
        MockWebServer other = backends.start("other", "127.0.0.1", Protocol.H2_PRIOR_KNOWLEDGE);
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(endpoint(refusing), endpoint(other)));
        Request request =
                new Request.Builder().url("http://reviews/").post(new OneShot()).build();

        assertThatThrownBy(() -> priorKnowledge(mesh).newCall(request).execute())
                .isInstanceOf(IOException.class);

        assertThat(mesh.outcomes).singleElement().isInstanceOf(Outcome.Failed.class);
        assertThat(other.getRequestCount()).isZero();
    }

    @Test
    void aStreamThatTheServerResetsHasFailed() throws Exception {
        MockWebServer server = answering(new MockResponse.Builder()
                .onResponseStart(new SocketEffect.CloseStream(INTERNAL_ERROR))
                .build());
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(endpoint(server), endpoint(server)));

        assertThatThrownBy(() -> get(priorKnowledge(mesh), "http://reviews/")).isInstanceOf(IOException.class);

        assertThat(mesh.outcomes)
                .singleElement()
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.flag()).isEqualTo(ResponseFlag.UR));
    }

    /** The server hangs up on the second request of each connection. */
    @Test
    void anIdempotentCallWhoseUsedConnectionEndsIsSentAgain() throws Exception {
        Deque<Socket> connections = new ConcurrentLinkedDeque<>();
        MockWebServer server = backends.prepare("x", Protocol.H2_PRIOR_KNOWLEDGE);
        server.setServerSocketFactory(new Backends.PromptSockets(connections::add));
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                if (request.getExchangeIndex() == 1) {
                    closeQuietly(connections.getLast());
                }
                return new MockResponse.Builder().body("ok").build();
            }
        });
        server.start(InetAddress.getByName("127.0.0.1"), 0);
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(endpoint(server)));
        OkHttpClient client = priorKnowledge(mesh);

        assertThat(sendAll(client, "http://reviews/", 9)).hasSize(9).containsOnly("ok");
        assertThat(mesh.outcomes).hasSize(9).containsOnly(new Outcome.Responded(200));
        assertThat(connections).hasSize(9);

        Request post =
                new Request.Builder().url("http://reviews/").post(new OneShot()).build();
        assertThatThrownBy(() -> client.newCall(post).execute().close()).isInstanceOf(IOException.class);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void anotherAttemptAfterAnAnswerLeavesOtherCallsOfTheConnectionAlone() throws Exception {
        MockWebServer one = backends.start("one", "127.0.0.1", Protocol.H2_PRIOR_KNOWLEDGE);
        MockWebServer two = backends.start("two", "127.0.0.1", Protocol.H2_PRIOR_KNOWLEDGE);
        one.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return request.getTarget().equals("/redirect")
                        ? new MockResponse.Builder()
                                .code(302)
                                .addHeader("Location", "/elsewhere")
                                .build()
                        : new MockResponse.Builder().body("a".repeat(300_000)).build();
            }
        });
        OkHttpClient client = priorKnowledge(
                new ScriptedMesh(head -> Plan.to(endpoint(head.pathAndQuery().equals("/elsewhere") ? two : one))));

        try (Response running = client.newCall(
                        new Request.Builder().url("http://reviews/").build())
                .execute()) {
            BufferedSource source = running.body().source();
            assertThat(source.readUtf8(10)).isEqualTo("a".repeat(10));
            assertThat(get(client, "http://reviews/redirect")).isEqualTo("two");
            assertThat(source.readUtf8()).hasSize(299_990);
        }
    }

    @Test
    void aDuplexBodyIsWrittenWhileTheAnswerIsRead() throws Exception {
        MockWebServer server = answering(new MockResponse.Builder()
                .doNotReadRequestBody()
                .clearHeaders()
                .socketHandler(Http2Test::echoLines)
                .build());
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(endpoint(server)));
        Duplex body = new Duplex();
        Request request =
                new Request.Builder().url("http://reviews/").post(body).build();

        try (Response response = priorKnowledge(mesh).newCall(request).execute()) {
            BufferedSink sink = body.sinks.poll(10, TimeUnit.SECONDS);
            BufferedSource source = response.body().source();
            for (String word : List.of("one", "two")) {
                sink.writeUtf8(word + "\n").flush();
                assertThat(source.readUtf8Line()).isEqualTo("echo " + word);
            }
            assertThat(mesh.inFlight).hasValue(1);
            sink.close();
            assertThat(source.readUtf8()).isEmpty();
        }
        assertThat(mesh.latest.replayable()).isFalse();
        assertThat(mesh.outcomes).containsExactly(new Outcome.Responded(200));
    }

    @Test
    void anotherServersHttp1AndHttp2WorkAsWell() throws Exception {
        WireMockServer wiremock = new WireMockServer(
                WireMockConfiguration.options().bindAddress("127.0.0.1").dynamicPort());
        wiremock.start();
        backends.closing(wiremock::stop);
        wiremock.stubFor(WireMock.get("/plain").willReturn(WireMock.ok("jetty")));
        ScriptedMesh mesh = new ScriptedMesh(head -> Plan.to(endpoint("127.0.0.1", wiremock.port())));

        for (List<Protocol> protocols : List.of(List.of(Protocol.HTTP_1_1), List.of(Protocol.H2_PRIOR_KNOWLEDGE))) {
            OkHttpClient client = backends.builder(mesh).protocols(protocols).build();
            for (int i = 0; i < 3; i++) {
                try (Response response = client.newCall(new Request.Builder()
                                .url("http://reviews/plain")
                                .build())
                        .execute()) {
                    assertThat(response.protocol()).isEqualTo(protocols.get(0));
                    assertThat(response.body().string()).isEqualTo("jetty");
                }
            }
            assertThat(client.connectionPool().connectionCount()).isPositive();
        }
        assertThat(wiremock.findAll(WireMock.getRequestedFor(WireMock.urlEqualTo("/plain"))))
                .hasSize(6)
                .allSatisfy(request -> assertThat(request.getHost()).isEqualTo("reviews"));
    }

    private static void echoLines(okio.Socket stream) {
        try (BufferedSource in = Okio.buffer(stream.getSource());
                BufferedSink out = Okio.buffer(stream.getSink())) {
            for (String line = in.readUtf8Line(); line != null; line = in.readUtf8Line()) {
                out.writeUtf8("echo " + line + "\n").flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private MockWebServer answering(MockResponse answer) {
        MockWebServer server = backends.start("x", "127.0.0.1", Protocol.H2_PRIOR_KNOWLEDGE);
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse peek() {
                return answer;
            }

            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return answer;
            }
        });
        return server;
    }

    private OkHttpClient priorKnowledge(ScriptedMesh mesh) {
        return backends.builder(mesh)
                .protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE))
                .build();
    }

    private static List<String> sendAll(OkHttpClient client, String url, int count) throws IOException {
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            answers.add(get(client, url));
        }
        return answers;
    }

    private static String get(OkHttpClient client, String url) throws IOException {
        try (Response response =
                client.newCall(new Request.Builder().url(url).build()).execute()) {
            return response.body().string();
        }
    }

    private static final class OneShot extends RequestBody {
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
    }

    private static final class Duplex extends RequestBody {
        private final LinkedBlockingQueue<BufferedSink> sinks = new LinkedBlockingQueue<>();

        @Override
        public MediaType contentType() {
            return null;
        }

        @Override
        public boolean isDuplex() {
            return true;
        }

        @Override
        public void writeTo(BufferedSink sink) {
            sinks.add(sink);
        }
    }
}
