package io.inmesh.okhttp;

import static io.inmesh.okhttp.Backends.nobody;
import static io.inmesh.okhttp.Backends.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.inmesh.call.MeshException;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.testing.RawServer;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
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
}
