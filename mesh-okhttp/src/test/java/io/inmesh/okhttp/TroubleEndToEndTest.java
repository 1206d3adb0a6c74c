package io.inmesh.okhttp;

import static io.inmesh.okhttp.Backends.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.inmesh.Mesh;
import io.inmesh.MeshTesting;
import io.inmesh.call.MeshException;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.testing.ManualClock;
import io.inmesh.testing.RawServer;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import okio.BufferedSource;
import org.junit.jupiter.api.Test;

/** Rules in YAML, a whole mesh, real sockets: delays, deadlines, dead endpoints and refusals. */
class TroubleEndToEndTest extends MeshFixture {
    private static final Duration TIMEOUT = Duration.ofMillis(300);

    private final ManualClock clock = new ManualClock();

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

    /** Calls whose time does not pass before the test says so, however slow the machine is. */
    private OkHttpClient clientOnTheClock(Endpoint endpoint) {
        Mesh.Builder mesh = Mesh.builder()
                .config(TextConfigSource.of("rules", service(endpoint) + timeout(TIMEOUT.toMillis() + "ms")))
                .observer(observer);
        return backends.builder(new MeshInterceptor(leaks.watch(
                        MeshTesting.manual(mesh, clock, new SplittableRandom(1)).build())))
                .build();
    }

    @Test
    void theRoutesTimeoutEndsACallThatHasNoAnswer() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        RawServer server = backends.closing(new RawServer(connection -> {
            connection.read();
            clock.advance(TIMEOUT);
            over.await();
        }));
        OkHttpClient client = clientOnTheClock(server.endpoint());

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
        OkHttpClient client = clientOnTheClock(server.endpoint());

        try (Response response = execute(client, URL)) {
            BufferedSource source = response.body().source();
            assertThat(source.readUtf8(3)).isEqualTo("abc");
            CompletableFuture<Void> deadline = CompletableFuture.runAsync(() -> clock.advance(TIMEOUT));
            assertFlag(ResponseFlag.UT, () -> source.readUtf8(1));
            deadline.join();
        }
        over.countDown();

        assertThat(observer.calls())
                .singleElement()
                .satisfies(call -> assertThat(call.flag()).isEqualTo(ResponseFlag.UT));
    }

    @Test
    void aCallInTimeIsNotDisturbedByItsDeadline() throws Exception {
        MockWebServer server = backends.start("v1");
        OkHttpClient client = clientOnTheClock(Backends.endpoint(server));

        for (int i = 0; i < 4; i++) {
            try (Response response = execute(client, URL)) {
                assertThat(response.body().string()).isEqualTo("v1");
                // The deadline passes after the body's end, and before the next call.
                clock.advance(TIMEOUT);
            }
        }
        assertThat(Backends.connections(List.of(server))).isEqualTo(1);
    }

    @Test
    void whenOneEndpointIsDeadThenTheOtherGetsEveryCall() throws Exception {
        MockWebServer alive = backends.start("alive");
        OkHttpClient client = client(service(backends.nobody(), Backends.endpoint(alive)), "");

        // That none of them is sent to the dead one first has a chance of 1 in 2^40.
        for (int i = 0; i < 40; i++) {
            assertThat(get(client, URL)).isEqualTo("alive");
        }
        assertThat(observer.calls()).hasSize(40).allMatch(call -> call.flag() == null);
        assertThat(observer.attempts())
                .filteredOn(attempt -> attempt.outcome() instanceof Outcome.NeverSent)
                .isNotEmpty()
                .allMatch(attempt -> !attempt.endpoint()
                        .hostPort()
                        .equals(Backends.endpoint(alive).hostPort()));
    }

    @Test
    void whenEveryEndpointIsDeadThenTheCallSaysSo() {
        OkHttpClient client = client(service(backends.nobody(), backends.nobody(), backends.nobody()), "");

        MeshException failure = assertFlag(ResponseFlag.URX, () -> get(client, URL));

        assertThat(failure).hasMessageContaining("reviews").hasMessageContaining("127.0.0.1:");
        assertThat(observer.attempts()).hasSize(3);
    }

    @Test
    void whenTheOnlyAttemptIsRefusedThenTheFlagIsThatOfTheConnection() {
        OkHttpClient client = client(service(backends.nobody()), rule("""
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
    void aOneShotBodyIsStreamedToTheEndpointThatIsAlive() throws Exception {
        MockWebServer alive = backends.start("alive");
        OkHttpClient client = client(service(backends.nobody(), Backends.endpoint(alive)), "");
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
}
