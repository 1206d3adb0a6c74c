package io.inmesh.okhttp;

import static io.inmesh.okhttp.Backends.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.inmesh.call.HeaderField;
import io.inmesh.call.MeshException;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.okhttp.ScriptedMesh.Plan;
import io.inmesh.testing.RawServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
import okhttp3.Headers;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.Buffer;
import okio.BufferedSource;
import okio.GzipSink;
import okio.Okio;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When an attempt ends, and as what. */
class ResponseBodyTest {
    private static final Request REQUEST =
            new Request.Builder().url("http://reviews/").build();

    @RegisterExtension
    final Backends backends = new Backends();

    private ScriptedMesh mesh;

    @Test
    void theAttemptRunsUntilTheBodyIsReadToItsEnd() throws Exception {
        OkHttpClient client = answering(new MockResponse.Builder().chunkedBody("abcdef", 2));

        Response response = client.newCall(REQUEST).execute();
        BufferedSource source = response.body().source();
        assertThat(source.readUtf8(3)).isEqualTo("abc");
        assertThat(mesh.inFlight).hasValue(1);
        assertThat(mesh.outcomes).isEmpty();

        assertThat(source.readUtf8()).isEqualTo("def");
        assertThat(mesh.inFlight).hasValue(0);

        response.close();
        assertThat(mesh.outcomes).containsExactly(new Outcome.Responded(200));
    }

    @Test
    void aBodyOfKnownLengthEndsWithItsLastByte() throws Exception {
        OkHttpClient client = answering(new MockResponse.Builder().body("abcdef"));

        try (Response response = client.newCall(REQUEST).execute()) {
            assertThat(response.body().contentLength()).isEqualTo(6);
            assertThat(response.body().source().readUtf8(6)).isEqualTo("abcdef");
            assertThat(mesh.inFlight).hasValue(0);
        }
    }

    @Test
    void closingEndsTheAttemptAsAnswered() throws Exception {
        OkHttpClient client = answering(new MockResponse.Builder().code(503).body("abcdef"));

        Response response = client.newCall(REQUEST).execute();
        assertThat(mesh.inFlight).hasValue(1);
        response.close();
        response.close();

        assertThat(mesh.outcomes).containsExactly(new Outcome.Responded(503));
    }

    @ParameterizedTest
    @CsvSource({"HEAD, 200, 6", "GET, 204, ", "GET, 304, ", "GET, 200, 0"})
    void anAnswerWithoutBodyEndsAtOnce(String method, int status, String length) throws Exception {
        MockResponse.Builder answer = new MockResponse.Builder().code(status).clearHeaders();
        if (length != null) {
            answer.setHeader("Content-Length", length);
        }
        OkHttpClient client = answering(answer);

        Response response = client.newCall(
                        REQUEST.newBuilder().method(method, null).build())
                .execute();

        assertThat(mesh.outcomes).containsExactly(new Outcome.Responded(status));
        assertThat(response.body().string()).isEmpty();
        assertThat(mesh.outcomes).hasSize(1);
    }

    @Test
    void aBodyThatBreaksOffEndsTheAttemptAsFailedAndIsTranslated() throws Exception {
        RawServer server = backends.closing(new RawServer(connection -> {
            connection.read();
            connection.write("HTTP/1.1 200 OK\nContent-Length: 100\n\nabc");
        }));
        mesh = new ScriptedMesh(head -> Plan.to(server.endpoint()));
        mesh.translation = failure -> new MeshException(ResponseFlag.UT, "too late", failure);

        try (Response response = backends.client(mesh).newCall(REQUEST).execute()) {
            assertThatThrownBy(() -> response.body().string())
                    .isInstanceOfSatisfying(
                            MeshException.class, e -> assertThat(e.flag()).isEqualTo(ResponseFlag.UT))
                    .hasCauseInstanceOf(IOException.class);
        }

        assertThat(mesh.outcomes)
                .singleElement()
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.flag()).isEqualTo(ResponseFlag.UC));
    }

    @Test
    void cancelingWhileReadingEndsTheAttemptAsCanceled() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        RawServer server = backends.closing(new RawServer(connection -> {
            connection.read();
            connection.write("HTTP/1.1 200 OK\nContent-Length: 100\n\nabc");
            over.await();
        }));
        mesh = new ScriptedMesh(head -> Plan.to(server.endpoint()));
        Call call = backends.client(mesh).newCall(REQUEST);

        try (Response response = call.execute()) {
            BufferedSource source = response.body().source();
            assertThat(source.readUtf8(3)).isEqualTo("abc");
            Thread canceler = new Thread(call::cancel);
            canceler.start();
            assertThat(catchThrowable(() -> source.readUtf8(1))).isInstanceOf(IOException.class);
            canceler.join();
        } finally {
            over.countDown();
        }

        assertThat(mesh.outcomes).containsExactly(new Outcome.Canceled());
    }

    @Test
    void abortingMakesAReadFailPromptly() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        RawServer server = backends.closing(new RawServer(connection -> {
            connection.read();
            connection.write("HTTP/1.1 200 OK\nContent-Length: 100\n\nabc");
            over.await();
        }));
        mesh = new ScriptedMesh(head -> Plan.to(server.endpoint()));

        try (Response response = backends.client(mesh).newCall(REQUEST).execute()) {
            Thread timer = new Thread(() -> mesh.latestAttempt.cancel());
            timer.start();
            assertThat(catchThrowable(() -> response.body().string())).isInstanceOf(IOException.class);
            timer.join();
        } finally {
            over.countDown();
        }

        assertThat(mesh.inFlight).hasValue(0);
    }

    @Test
    void anEnqueuedCallIsTrackedLikeAnExecutedOne() throws Exception {
        OkHttpClient client = answering(new MockResponse.Builder().body("abcdef"));
        BlockingQueue<Object> seen = new LinkedBlockingQueue<>();

        client.newCall(REQUEST).enqueue(new Callback() {
            @Override
            public void onFailure(Call call, IOException e) {
                seen.add(e);
            }

            @Override
            public void onResponse(Call call, Response response) throws IOException {
                try (response) {
                    seen.add(response.body().string());
                }
            }
        });

        assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("abcdef");
        assertThat(mesh.outcomes).containsExactly(new Outcome.Responded(200));
    }

    @Test
    void gzipIsUnpackedAsWithoutTheMesh() throws Exception {
        Buffer packed = new Buffer();
        try (var sink = Okio.buffer(new GzipSink(packed))) {
            sink.writeUtf8("unpacked");
        }
        OkHttpClient client = answering(new MockResponse.Builder().body(packed).addHeader("Content-Encoding", "gzip"));

        try (Response response = client.newCall(REQUEST).execute()) {
            assertThat(response.body().contentLength()).isEqualTo(-1);
            assertThat(response.header("Content-Encoding")).isNull();
            assertThat(response.body().string()).isEqualTo("unpacked");
        }
        assertThat(mesh.outcomes).containsExactly(new Outcome.Responded(200));
    }

    @Test
    void trailersCanBeReadAfterTheBody() throws Exception {
        OkHttpClient client =
                answering(new MockResponse.Builder().chunkedBody("abc", 1).trailers(Headers.of("x-end", "1")));

        try (Response response = client.newCall(REQUEST).execute()) {
            assertThat(response.body().string()).isEqualTo("abc");
            assertThat(response.trailers().get("x-end")).isEqualTo("1");
        }
    }

    @Test
    void peekingDoesNotEndTheAttempt() throws Exception {
        OkHttpClient client = answering(new MockResponse.Builder().body("x".repeat(100_000)));

        try (Response response = client.newCall(REQUEST).execute()) {
            assertThat(response.peekBody(10).string()).isEqualTo("x".repeat(10));
            assertThat(mesh.inFlight).hasValue(1);
            assertThat(response.body().string()).hasSize(100_000);
        }
    }

    @Test
    void discardingGivesTheConnectionBack() throws Exception {
        MockWebServer server = backends.start("ok");
        MeshInterceptor.Execution twice = exchange -> {
            var attempt = io.inmesh.call.Attempt.builder(1, exchange.head())
                    .endpoint(endpoint(server))
                    .build();
            var first = exchange.attempt(attempt);
            first.discard(first.send());
            return exchange.attempt(attempt).send();
        };
        OkHttpClient client =
                backends.builder(new MeshInterceptor(twice, () -> Backends.NOW)).build();

        client.newCall(REQUEST).execute().close();

        assertThat(Backends.take(server).getConnectionIndex()).isZero();
        assertThat(Backends.take(server).getConnectionIndex()).isZero();
    }

    @Test
    void headersAreEditedAndTheBodysTypeFollows() throws Exception {
        MockWebServer server = backends.start("ok");
        server.setDispatcher(always(new MockResponse.Builder()
                .body("caf\u00e9")
                .addHeader("Content-Type", "text/plain")
                .addHeader("x-gone", "1")
                .build()));
        List<HeaderField> received = new ArrayList<>();
        mesh = new ScriptedMesh(head -> Plan.to(endpoint(server)).edits((status, headers) -> {
            received.addAll(headers);
            return List.of(
                    new HeaderField("Content-Type", "text/html; charset=utf-8"),
                    new HeaderField("x-status", String.valueOf(status)),
                    new HeaderField("x-twice", "1"),
                    new HeaderField("x-twice", "2"));
        }));

        try (Response response = backends.client(mesh).newCall(REQUEST).execute()) {
            assertThat(received)
                    .contains(new HeaderField("x-gone", "1"), new HeaderField("Content-Type", "text/plain"));
            assertThat(response.header("x-gone")).isNull();
            assertThat(response.header("x-status")).isEqualTo("200");
            assertThat(response.headers("x-twice")).containsExactly("1", "2");
            assertThat(response.body().contentType()).isEqualTo(MediaType.get("text/html; charset=utf-8"));
            assertThat(response.body().string()).isEqualTo("caf\u00e9");
        }
    }

    @Test
    void aWebSocketEndsItsAttemptWhenItOpens() throws Exception {
        BlockingQueue<String> atServer = new LinkedBlockingQueue<>();
        MockWebServer server = backends.start("ws");
        server.setDispatcher(always(new MockResponse.Builder()
                .webSocketUpgrade(new WebSocketListener() {
                    @Override
                    public void onMessage(WebSocket socket, String text) {
                        atServer.add(text);
                        socket.send("echo " + text);
                        socket.close(1000, null);
                    }
                })
                .build()));
        mesh = new ScriptedMesh(head -> Plan.to(endpoint(server)));
        OkHttpClient client = backends.client(mesh);
        BlockingQueue<String> atClient = new LinkedBlockingQueue<>();

        client.newWebSocket(REQUEST, new WebSocketListener() {
            @Override
            public void onOpen(WebSocket socket, Response response) {
                atClient.add("open " + response.code());
                socket.send("hello");
            }

            @Override
            public void onMessage(WebSocket socket, String text) {
                atClient.add(text);
            }

            @Override
            public void onClosing(WebSocket socket, int code, String reason) {
                socket.close(1000, null);
            }

            @Override
            public void onClosed(WebSocket socket, int code, String reason) {
                atClient.add("closed");
            }

            @Override
            public void onFailure(WebSocket socket, Throwable t, Response response) {
                atClient.add(t.toString());
            }
        });

        assertThat(atClient.poll(10, TimeUnit.SECONDS)).isEqualTo("open 101");
        assertThat(mesh.outcomes).containsExactly(new Outcome.Responded(101));
        assertThat(atServer.poll(10, TimeUnit.SECONDS)).isEqualTo("hello");
        assertThat(atClient.poll(10, TimeUnit.SECONDS)).isEqualTo("echo hello");
        assertThat(atClient.poll(10, TimeUnit.SECONDS)).isEqualTo("closed");
    }

    private OkHttpClient answering(MockResponse.Builder answer) {
        MockWebServer server = backends.start("ok");
        server.setDispatcher(always(answer.build()));
        mesh = new ScriptedMesh(head -> Plan.to(endpoint(server)));
        return backends.client(mesh);
    }

    private static Dispatcher always(MockResponse answer) {
        return new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return answer;
            }
        };
    }
}
