package io.inmesh.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inmesh.event.Outcome;
import io.inmesh.observe.HedgeResult;
import io.inmesh.testing.RecordingObserver.AttemptEvent;
import io.inmesh.testing.RecordingObserver.CallEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.SSLSocketFactory;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Call;
import okhttp3.CertificatePinner;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;
import okio.Buffer;
import okio.BufferedSink;
import okio.GzipSink;
import okio.Okio;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls to three hosts, of which the first gets slow, with a second attempt after the median of recent latencies. */
class HedgedCallsTest extends MeshFixture {
    private static final Request GET = request().build();

    private final CountDownLatch testIsOver = new CountDownLatch(1);
    private final List<Cookie> cookies = new ArrayList<>();
    private volatile boolean slow;
    private volatile UnaryOperator<MockResponse.Builder> answer = response -> response;

    private final MockWebServer a = server("a");
    private final MockWebServer b = server("b");
    private final MockWebServer c = server("c");

    @AfterEach
    void endSlowAnswers() {
        testIsOver.countDown();
    }

    private MockWebServer server(String name) {
        MockWebServer server = backends.start(name);
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
                if (name.equals("a") && slow) {
                    testIsOver.await(20, TimeUnit.SECONDS);
                }
                return answer.apply(new MockResponse.Builder().body(name)).build();
            }
        });
        return server;
    }

    /** A client whose mesh knows what the servers take while none is slow. */
    private OkHttpClient learned(UnaryOperator<OkHttpClient.Builder> settings) throws IOException {
        OkHttpClient made = client(service(Backends.endpoint(a), Backends.endpoint(b), Backends.endpoint(c)), """
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata:
                  name: reviews
                  annotations: {inmesh.io/hedge-after-percentile: "50"}
                spec:
                  host: reviews
                  trafficPolicy: {loadBalancer: {simple: ROUND_ROBIN}}
                """);
        OkHttpClient client = settings.apply(made.newBuilder()).build();
        learn(client);
        slow = true;
        return client;
    }

    /** Calls until a second attempt has the answer. */
    private Response overtaken(OkHttpClient client, Call[] call) throws IOException {
        for (int i = 0; i < 6; i++) {
            long before = won();
            call[0] = client.newCall(GET);
            Response response = call[0].execute();
            if (won() > before && last(a).outcome() instanceof Outcome.Canceled) {
                return response;
            }
            response.close();
        }
        throw new AssertionError("no second attempt had the answer");
    }

    private long won() {
        return observer.hedges().stream()
                .filter(result -> result == HedgeResult.WON)
                .count();
    }

    private AttemptEvent last(MockWebServer server) {
        List<AttemptEvent> all = attempts(server).toList();
        return all.get(all.size() - 1);
    }

    private Stream<AttemptEvent> attempts(MockWebServer server) {
        return observer.attempts().stream()
                .filter(attempt ->
                        attempt.endpoint() != null && attempt.endpoint().port() == server.getPort());
    }

    @Test
    void noCallWaitsForTheSlowHost() throws IOException {
        OkHttpClient client = learned(settings -> settings);
        long before = attempts(a).count();

        for (int call = 0; call < 12; call++) {
            assertThat(get(client, request())).isIn("b", "c");
        }

        assertThat(attempts(a).skip(before))
                .isNotEmpty()
                .extracting(AttemptEvent::outcome)
                .containsOnly(new Outcome.Canceled());
        assertThat(observer.calls()).extracting(CallEvent::status).containsOnly(200);
        assertThat(observer.calls()).extracting(CallEvent::flag).containsOnlyNulls();
        assertThat(observer.hedges()).contains(HedgeResult.WON);
    }

    @Test
    void theAnswerIsTheCallersAsThatOfAnyAttempt() throws IOException {
        OkHttpClient client = learned(settings -> settings.cookieJar(new CookieJar() {
            @Override
            public List<Cookie> loadForRequest(HttpUrl url) {
                return List.copyOf(cookies);
            }

            @Override
            public void saveFromResponse(HttpUrl url, List<Cookie> saved) {
                cookies.addAll(saved);
            }
        }));
        Buffer zipped = new Buffer();
        try (BufferedSink sink = Okio.buffer(new GzipSink(zipped))) {
            sink.writeUtf8("unpacked");
        }
        answer = response -> response.body(zipped.clone())
                .setHeader("Content-Encoding", "gzip")
                .setHeader("Set-Cookie", "session=1");

        try (Response response = overtaken(client, new Call[1])) {
            assertThat(response.request()).isEqualTo(GET);
            assertThat(response.header("Content-Encoding")).isNull();
            assertThat(response.body().string()).isEqualTo("unpacked");
        }
        assertThat(cookies).extracting(Cookie::name).contains("session");
    }

    @Test
    void bothAttemptsHaveTheTlsSettingsOfTheCall() throws IOException {
        if (!ChainLine.isOffered()) {
            // A chain has no such settings before OkHttp 5.4.
            return;
        }
        HandshakeCertificates certificates = TestCertificates.make().trusting();
        SSLSocketFactory sockets = certificates.sslSocketFactory();
        HostnameVerifier verifier = (host, session) -> false;
        CertificatePinner pinner = new CertificatePinner.Builder()
                .add("reviews", "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
                .build();
        Set<List<Object>> seen = ConcurrentHashMap.newKeySet();
        OkHttpClient client = learned(settings -> {
            settings.interceptors()
                    .add(
                            0,
                            chain -> chain.withSslSocketFactory(sockets, certificates.trustManager())
                                    .withHostnameVerifier(verifier)
                                    .withCertificatePinner(pinner)
                                    .proceed(chain.request()));
            return settings.addInterceptor(chain -> {
                seen.add(List.of(
                        chain.getSslSocketFactoryOrNull(),
                        chain.getX509TrustManagerOrNull(),
                        chain.getHostnameVerifier(),
                        chain.getCertificatePinner().getPins()));
                return chain.proceed(chain.request());
            });
        });

        overtaken(client, new Call[1]).close();

        assertThat(seen).containsExactly(List.of(sockets, certificates.trustManager(), verifier, pinner.getPins()));
    }

    @Test
    void cancellingTheCallEndsTheBody() throws IOException {
        OkHttpClient client = learned(settings -> settings);
        answer = response -> response.body("slowly").throttleBody(1, 2, TimeUnit.SECONDS);
        Call[] call = new Call[1];

        try (Response response = overtaken(client, call)) {
            assertThat(response.body().source().readUtf8(1)).isEqualTo("s");
            call[0].cancel();

            assertThatThrownBy(() -> response.body().string()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void theTimeoutOfTheCallEndsTheBody() throws IOException {
        OkHttpClient client = learned(settings -> settings.callTimeout(Duration.ofMillis(700)));
        answer = response -> response.body("slowly").throttleBody(1, 2, TimeUnit.SECONDS);

        try (Response response = overtaken(client, new Call[1])) {
            assertThatThrownBy(() -> response.body().string())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("timeout");
        }
    }
}
