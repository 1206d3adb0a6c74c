package io.inmesh.okhttp.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The language of plans, as the recorded backends spoke it. */
class ScriptedBackendTest {
    private final OkHttpClient client =
            new OkHttpClient.Builder().retryOnConnectionFailure(false).build();
    private ScriptedBackend backend;

    @BeforeEach
    void start() throws IOException {
        backend = ScriptedBackend.start("reviews-v1");
    }

    @AfterEach
    void stop() throws IOException {
        backend.close();
        client.connectionPool().evictAll();
    }

    @Test
    void eachAttemptHasItsStepAndTheLastRepeats() throws IOException {
        assertThat(status("503|404|200", 1)).isEqualTo(503);
        assertThat(status("503|404|200", 2)).isEqualTo(404);
        assertThat(status("503|404|200", 7)).isEqualTo(200);
        assertThat(status("503,h:retry-after=0", 1)).isEqualTo(503);
        assertThat(backend.connections()).isEqualTo(1);
    }

    @Test
    void aHeaderOfTheStepIsAnswered() throws IOException {
        try (Response response = call(request("503,h:x-envoy-ratelimited=true", 1))) {
            assertThat(response.header("x-envoy-ratelimited")).isEqualTo("true");
            assertThat(response.header("x-backend")).isEqualTo("reviews-v1");
            assertThat(response.body().string()).isEqualTo("reviews-v1");
        }
    }

    @Test
    void thePlanOfThePortComesFirst() throws IOException {
        Request request = request("200", 1)
                .newBuilder()
                .header("x-plan-at", "1=200;" + backend.port() + "=418")
                .build();

        try (Response response = call(request)) {
            assertThat(response.code()).isEqualTo(418);
        }
    }

    @Test
    void aRequestWithoutPlanGetsTheBackends() throws IOException {
        backend.plan("500|204");

        try (Response first = call(new Request.Builder().url(url()).build());
                Response second = call(new Request.Builder()
                        .url(url())
                        .header("x-envoy-attempt-count", "2")
                        .build())) {
            assertThat(first.code()).isEqualTo(500);
            assertThat(second.code()).isEqualTo(204);
        }
    }

    @Test
    void closeAndResetEndTheConnection() throws IOException {
        assertThatIOException().isThrownBy(() -> status("close", 1)).withMessageContaining("unexpected end of stream");
        assertThatIOException().isThrownBy(() -> status("reset", 1)).withMessageContaining("reset");
        assertThat(status("close|200", 2)).isEqualTo(200);
        assertThat(backend.requests()).hasSize(3);
    }

    @Test
    void delaysComeBeforeHeadersAndBeforeTheBody() throws IOException {
        long before = System.nanoTime();
        try (Response response = call(request("200,delay=30,body-delay=40", 1))) {
            assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(30_000_000);
            assertThat(response.body().string()).isEqualTo("reviews-v1");
            assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(70_000_000);
        }
    }

    @Test
    void whatCameInIsWrittenDown() throws Exception {
        Request request = request("200", 3)
                .newBuilder()
                .header("x-a", "1")
                .post(RequestBody.create(new byte[50], null))
                .build();

        call(request).close();

        SeenRequest seen = backend.take();
        assertThat(seen.backend()).isEqualTo("reviews-v1");
        assertThat(seen.method()).isEqualTo("POST");
        assertThat(seen.uri()).isEqualTo("/x?y=1");
        assertThat(seen.host()).isEqualTo("127.0.0.1:" + backend.port());
        assertThat(seen.attempt()).isEqualTo(3);
        assertThat(seen.bodyLength()).isEqualTo(50);
        assertThat(seen.header("x-a")).isEqualTo("1");
    }

    @Test
    void aBodyOfUnknownLengthIsCounted() throws Exception {
        Request request = request("200", 1)
                .newBuilder()
                .post(new RequestBody() {
                    @Override
                    public @Nullable MediaType contentType() {
                        return null;
                    }

                    @Override
                    public void writeTo(BufferedSink sink) throws IOException {
                        sink.writeUtf8("a".repeat(10_000)).flush();
                        sink.writeUtf8("b".repeat(5_000));
                    }
                })
                .build();

        call(request).close();

        assertThat(backend.take().bodyLength()).isEqualTo(15_000);
    }

    @Test
    void aPlanThatCannotBeReadIsRefused() {
        assertThatThrownBy(() -> backend.plan("503,dealy=3")).hasMessageContaining("dealy=3");
        assertThatThrownBy(() -> backend.plan("often")).isInstanceOf(NumberFormatException.class);
    }

    private int status(String plan, int attempt) throws IOException {
        try (Response response = call(request(plan, attempt))) {
            return response.code();
        }
    }

    private Request request(String plan, int attempt) {
        return new Request.Builder()
                .url(url())
                .header("x-plan", plan)
                .header("x-envoy-attempt-count", String.valueOf(attempt))
                .build();
    }

    private String url() {
        return "http://127.0.0.1:" + backend.port() + "/x?y=1";
    }

    private Response call(Request request) throws IOException {
        return client.newCall(request).execute();
    }
}
