package io.inmesh.okhttp;

import static io.inmesh.okhttp.Backends.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.inmesh.call.Attempt;
import io.inmesh.call.Exchange;
import io.inmesh.call.SyntheticResponse;
import io.inmesh.call.TransportAttempt;
import io.inmesh.event.Outcome;
import io.inmesh.testing.ExchangeContract;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.List;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract of exchanges, and what cancelling means for OkHttp's connections. */
class OkHttpExchangeTest extends ExchangeContract<Response> {
    @RegisterExtension
    final Backends backends = new Backends();

    private final MeshInterceptor interceptor = new MeshInterceptor(this::execute, () -> Backends.NOW);
    private OkHttpClient client = backends.builder(interceptor).build();
    private @Nullable Steps<Response> steps;
    private boolean done;

    private Response execute(Exchange<Response> exchange) throws IOException {
        try {
            steps.run(exchange);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
        done = true;
        return exchange.synthesize(new SyntheticResponse(204, List.of(), new byte[0]));
    }

    @Override
    protected void call(Call call, Steps<Response> newSteps) throws Exception {
        Request.Builder request = new Request.Builder().url("http://reviews:9080/reviews/0");
        if (call.body() != null) {
            request.post(new Body(call.body(), call.once()));
        }
        steps = newSteps;
        done = false;
        try (Response response = client.newCall(request.build()).execute()) {
            assertThat(response.code()).isEqualTo(204);
        } catch (IOException canceled) {
            // A call that is cancelled with its delivered body gives nothing.
            if (!done) {
                throw canceled;
            }
        }
    }

    private static final class Body extends RequestBody {
        private final String text;
        private final boolean once;

        Body(String text, boolean once) {
            this.text = text;
            this.once = once;
        }

        @Override
        public @Nullable MediaType contentType() {
            return null;
        }

        @Override
        public long contentLength() {
            return text.length();
        }

        @Override
        public boolean isOneShot() {
            return once;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            sink.writeUtf8(text);
        }
    }

    @Override
    protected InputStream body(Response response) {
        return response.body().byteStream();
    }

    @Override
    protected boolean sparesConnections() {
        return true;
    }

    @Override
    protected @Nullable String header(Response response, String name) {
        return response.header(name);
    }

    private static Attempt.Builder to(Exchange<Response> exchange, int number, MockWebServer server) {
        return Attempt.builder(number, exchange.head()).endpoint(endpoint(server));
    }

    private static String answer(Exchange<Response> exchange, int number, MockWebServer server) throws IOException {
        try (Response response =
                exchange.attempt(to(exchange, number, server).build()).send()) {
            return response.body().string();
        }
    }

    @Test
    void cancellingAStreamKeepsTheConnectionForTheNext() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        MockWebServer server = backends.start("ok", "127.0.0.1", Protocol.H2_PRIOR_KNOWLEDGE);
        AtomicInteger requests = new AtomicInteger();
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
                if (requests.getAndIncrement() == 0) {
                    arrived.countDown();
                    over.await(10, TimeUnit.SECONDS);
                }
                return new MockResponse.Builder().body("ok").build();
            }
        });
        client = client.newBuilder()
                .protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE))
                .build();

        call(new Call("text", false), exchange -> {
            TransportAttempt<Response> first =
                    exchange.attempt(to(exchange, 1, server).build());
            Thread canceler = new Thread(() -> {
                try {
                    arrived.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                first.cancel();
            });
            canceler.start();
            assertThatIOException()
                    .isThrownBy(first::send)
                    .satisfies(failure ->
                            assertThat(first.classifyFailure(failure)).isEqualTo(new Outcome.Canceled()));
            canceler.join();
            assertThat(answer(exchange, 2, server)).isEqualTo("ok");
        });
        over.countDown();

        assertThat(Backends.take(server).getConnectionIndex()).isZero();
        assertThat(Backends.take(server).getConnectionIndex()).isZero();
    }

    @Test
    void aCancelThatRacesWithAStreamEndsThatAttemptAlone() throws Exception {
        MockWebServer server = backends.start("ok", "127.0.0.1", Protocol.H2_PRIOR_KNOWLEDGE);
        client = client.newBuilder()
                .protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE))
                .build();
        // Each takes the 40 ms after which a server acknowledges a reset.
        for (int race = 0; race < 60; race++) {
            int spins = race * 300;
            call(new Call("text", false), exchange -> {
                TransportAttempt<Response> first =
                        exchange.attempt(to(exchange, 1, server).build());
                Thread canceler = new Thread(() -> {
                    for (int i = 0; i < spins; i++) {
                        Thread.onSpinWait();
                    }
                    first.cancel();
                });
                canceler.start();
                try {
                    first.discard(first.send());
                } catch (IOException canceled) {
                    assertThat(first.classifyFailure(canceled)).isEqualTo(new Outcome.Canceled());
                }
                assertThat(answer(exchange, 2, server)).isEqualTo("ok");
                canceler.join();
                assertThat(exchange.canceled()).isFalse();
            });
        }
        assertThat(server.getRequestCount()).isBetween(60, 120);
    }

    /** Makes sockets of which the first connects to nothing until it is closed. */
    private static final class FirstWaits extends PlainSockets {
        private final CountDownLatch connecting = new CountDownLatch(1);
        private final AtomicInteger sockets = new AtomicInteger();
        private final AtomicInteger timeout = new AtomicInteger();

        @Override
        public Socket createSocket() {
            return sockets.getAndIncrement() > 0
                    ? new Socket()
                    : new Socket() {
                        private final CountDownLatch closed = new CountDownLatch(1);

                        @Override
                        public void connect(SocketAddress address, int millis) throws IOException {
                            timeout.set(millis);
                            connecting.countDown();
                            try {
                                closed.await(10, TimeUnit.SECONDS);
                            } catch (InterruptedException e) {
                                throw new AssertionError(e);
                            }
                            throw new SocketException("Socket closed");
                        }

                        @Override
                        public void close() throws IOException {
                            closed.countDown();
                            super.close();
                        }
                    };
        }
    }

    @Test
    void whatMayBeSentBesideCostsNothingBeforeItIs() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        MockWebServer server = backends.start("ok");
        client = client.newBuilder()
                .cookieJar(new CookieJar() {
                    @Override
                    public List<Cookie> loadForRequest(HttpUrl url) {
                        asked.incrementAndGet();
                        return List.of();
                    }

                    @Override
                    public void saveFromResponse(HttpUrl url, List<Cookie> cookies) {
                        // None is kept.
                    }
                })
                .build();

        call(Call.GET, exchange -> {
            Exchange<Response> beside = exchange.beside();
            assertThat(beside).isNotNull();
            assertThat(asked).hasValue(0);
            assertThat(answer(beside, 2, server)).isEqualTo("ok");
        });

        assertThat(asked).hasValue(1);
    }

    @Test
    void cancellingEndsConnectingAndAnAttemptHasItsOwnConnectTimeout() throws Exception {
        MockWebServer server = backends.start("ok");
        FirstWaits sockets = new FirstWaits();
        client = client.newBuilder().socketFactory(sockets).build();

        call(Call.GET, exchange -> {
            TransportAttempt<Response> first = exchange.attempt(to(exchange, 1, server)
                    .connectTimeoutNanos(TimeUnit.MILLISECONDS.toNanos(7_500))
                    .build());
            Thread canceler = new Thread(() -> {
                try {
                    sockets.connecting.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                first.cancel();
            });
            canceler.start();
            assertThatIOException()
                    .isThrownBy(first::send)
                    .satisfies(failure ->
                            assertThat(first.classifyFailure(failure)).isEqualTo(new Outcome.Canceled()));
            assertThat(first.neverConnected()).isTrue();
            canceler.join();
            assertThat(answer(exchange, 2, server)).isEqualTo("ok");
        });

        assertThat(sockets.timeout).hasValue(7_500);
    }
}
