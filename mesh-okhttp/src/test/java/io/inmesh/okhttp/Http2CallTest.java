package io.inmesh.okhttp;

import static io.inmesh.okhttp.Backends.endpoint;
import static io.inmesh.okhttp.Backends.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inmesh.Mesh;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.event.ResponseFlag;
import io.inmesh.okhttp.ScriptedMesh.Plan;
import java.io.IOException;
import java.io.InterruptedIOException;
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

/** Calls by HTTP/2 without TLS, from clients that do not speak it: bodies, ends, and what their listeners see. */
class Http2CallTest extends PortProtocolFixture {
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
                        head -> Plan.to(backends.nobody(), endpoint(server)).http2()))
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
