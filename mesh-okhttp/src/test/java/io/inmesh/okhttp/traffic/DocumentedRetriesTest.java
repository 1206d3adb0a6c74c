package io.inmesh.okhttp.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.inmesh.Mesh;
import io.inmesh.call.MeshException;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.event.ResponseFlag;
import io.inmesh.inbound.InboundContext;
import io.inmesh.okhttp.MeshOkHttp;
import io.inmesh.testing.RecordingObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

/** The examples of docs/traffic.md, "Retries" and "Deadlines", over real sockets. */
class DocumentedRetriesTest {

    private final RecordingObserver observer = new RecordingObserver();
    private final List<AutoCloseable> toClose = new ArrayList<>();
    private ScriptedBackend a;
    private ScriptedBackend b;
    private OkHttpClient client;

    @BeforeEach
    void start() throws IOException {
        a = ScriptedBackend.start("a");
        b = ScriptedBackend.start("b");
        toClose.addAll(List.of(a, b));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : toClose) {
            one.close();
        }
    }

    private void client(String example) throws IOException {
        Mesh mesh = Mesh.builder()
                .config(TextConfigSource.of("rules.yaml", """
                        apiVersion: networking.istio.io/v1
                        kind: ServiceEntry
                        metadata: {name: reviews}
                        spec:
                          hosts: [reviews.default.svc.cluster.local]
                          location: MESH_INTERNAL
                          resolution: STATIC
                          ports: [{number: 9080, name: http, protocol: HTTP}]
                          endpoints:
                          - {address: 127.0.0.1, ports: {http: %d}}
                          - {address: 127.0.0.1, ports: {http: %d}}
                        ---
                        apiVersion: networking.istio.io/v1
                        kind: DestinationRule
                        metadata: {name: reviews}
                        spec: {host: reviews, trafficPolicy: {loadBalancer: {simple: ROUND_ROBIN}}}
                        ---
                        """.formatted(a.port(), b.port()) + example))
                .observer(observer)
                .build();
        toClose.add(0, mesh);
        client = MeshOkHttp.builder(mesh).build();
    }

    private static Request.Builder request(String plan) {
        return new Request.Builder().url("http://reviews:9080/").header("x-plan", plan);
    }

    /** Status and body. */
    private String call(Request request) throws IOException {
        try (Response response = client.newCall(request).execute()) {
            return response.code() + " " + response.body().string();
        }
    }

    private List<SeenRequest> seen() {
        List<SeenRequest> seen = new ArrayList<>(a.requests());
        seen.addAll(b.requests());
        return seen;
    }

    private @Nullable ResponseFlag flag() {
        return observer.calls().get(observer.calls().size() - 1).flag();
    }

    @Test
    void attempts() throws IOException {
        client(TrafficPage.example("Retries", "attempts"));

        assertThat(call(request("503|500|502|200").build())).startsWith("200 ");
        assertThat(seen()).hasSize(4);
        assertThat(flag()).isNull();
        assertThat(call(request("503").build())).matches("503 [ab]");
        assertThat(seen()).hasSize(8);
        assertThat(flag()).isEqualTo(ResponseFlag.URX);
    }

    @Test
    void retryOn() throws IOException {
        client(TrafficPage.example("Retries", "retryOn"));

        assertThat(call(request("503|200").build())).startsWith("200 ");
        assertThat(call(request("500|200").build())).startsWith("500 ");
        a.close();
        for (int i = 0; i < 4; i++) {
            assertThat(call(request("200").build())).isEqualTo("200 b");
        }
    }

    @Test
    void perTryTimeout() throws IOException {
        client(TrafficPage.example("Retries", "perTryTimeout"));

        assertThat(call(request("200,delay=1000|200").build())).startsWith("200 ");
        assertThat(seen())
                .extracting(seen -> seen.header("x-envoy-expected-rq-timeout-ms"))
                .containsOnly("200");
        MeshException failure = catchThrowableOfType(
                MeshException.class, () -> call(request("200,delay=1000").build()));
        assertThat(failure.flags()).containsExactly(ResponseFlag.URX, ResponseFlag.UT);
        assertThat(failure.status()).isEqualTo(504);
    }

    @Test
    void backoff() throws IOException {
        client(TrafficPage.example("Retries", "backoff"));

        assertThat(call(request("503").build())).startsWith("503 ");

        assertThat(observer.retries()).hasSize(4);
        List<Integer> windows = List.of(50, 100, 200, 400);
        for (int i = 0; i < 4; i++) {
            assertThat(Duration.ofNanos(observer.retries().get(i).waitNanos()))
                    .isLessThan(Duration.ofMillis(windows.get(i)));
        }
    }

    /** With the default the second attempt of each goes elsewhere; here it goes where the balancer says. */
    @Test
    void retryIgnorePreviousHosts() throws IOException {
        client(TrafficPage.example("Retries", "retryIgnorePreviousHosts"));

        assertThat(call(request("503").build())).startsWith("503 ");

        assertThat(seen()).hasSize(3);
    }

    @Test
    void bodies() throws IOException {
        client(TrafficPage.example("Retries", "attempts"));

        assertThat(call(request("503|200").post(new OneShot("x".repeat(60_000))).build()))
                .startsWith("200 ");
        assertThat(seen())
                .hasSize(2)
                .allSatisfy(seen -> assertThat(seen.bodyLength()).isEqualTo(60_000));
        assertThat(call(request("503|200").post(new OneShot("x".repeat(70_000))).build()))
                .startsWith("503 ");
        assertThat(seen()).hasSize(3);
        assertThat(flag()).isNull();
    }

    @Test
    @SuppressWarnings("try") // The scope is there to be closed.
    void chainsOfCalls() throws IOException {
        client(TrafficPage.example("Retries", "attempts"));

        try (var scope = InboundContext.builder().attempt(2).build().open()) {
            assertThat(call(request("503|503|200").build())).startsWith("503 ");
        }
        assertThat(seen())
                .singleElement()
                .satisfies(seen -> assertThat(seen.attempt()).isEqualTo(2));
    }

    @Test
    void timeout() throws IOException {
        client(TrafficPage.example("Deadlines", "timeout"));

        MeshException late = catchThrowableOfType(
                MeshException.class, () -> call(request("200,delay=1000").build()));
        assertThat(late.flag()).isEqualTo(ResponseFlag.UT);
        assertThat(late.status()).isEqualTo(504);
        try (Response slow =
                client.newCall(request("200,body-delay=1000").build()).execute()) {
            assertThat(slow.code()).isEqualTo(200);
            MeshException cut =
                    catchThrowableOfType(MeshException.class, () -> slow.body().string());
            assertThat(cut.flag()).isEqualTo(ResponseFlag.UT);
        }
    }

    /** As that of a stream. */
    private static final class OneShot extends RequestBody {
        private final String text;

        OneShot(String text) {
            this.text = text;
        }

        @Override
        public @Nullable MediaType contentType() {
            return null;
        }

        @Override
        public boolean isOneShot() {
            return true;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            sink.writeUtf8(text);
        }
    }
}
