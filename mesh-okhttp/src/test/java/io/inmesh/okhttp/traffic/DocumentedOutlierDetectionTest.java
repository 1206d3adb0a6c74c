package io.inmesh.okhttp.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.event.Ejection;
import io.inmesh.observe.MeshObserver;
import io.inmesh.okhttp.MeshOkHttp;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The examples of docs/traffic.md, "Outlier detection", over real sockets. */
class DocumentedOutlierDetectionTest {
    private static final Request CALL =
            new Request.Builder().url("http://shop.example.com/").build();

    private final List<Ejection> ejected = new CopyOnWriteArrayList<>();
    private final Semaphore readmitted = new Semaphore(0);
    private final List<AutoCloseable> toClose = new ArrayList<>();
    private ScriptedBackend a;
    private ScriptedBackend b;
    private ScriptedBackend c;
    private Mesh mesh;
    private OkHttpClient client;

    @BeforeEach
    void start() throws IOException {
        a = ScriptedBackend.start("a");
        b = ScriptedBackend.start("b");
        c = ScriptedBackend.start("c");
        toClose.addAll(List.of(a, b, c));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : toClose) {
            one.close();
        }
    }

    private void client(String example) throws IOException {
        mesh = Mesh.builder()
                .config(TextConfigSource.of(
                        "rules.yaml", """
                        apiVersion: networking.istio.io/v1
                        kind: ServiceEntry
                        metadata: {name: shop}
                        spec:
                          hosts: [shop.example.com]
                          resolution: STATIC
                          ports: [{number: 80, name: http, protocol: HTTP}]
                          endpoints:
                          - {address: 127.0.0.1, ports: {http: %d}}
                          - {address: 127.0.0.1, ports: {http: %d}}
                          - {address: 127.0.0.1, ports: {http: %d}}
                        ---
                        apiVersion: networking.istio.io/v1
                        kind: VirtualService
                        metadata: {name: shop}
                        spec:
                          hosts: [shop.example.com]
                          http: [{retries: {attempts: 0}, route: [{destination: {host: shop.example.com}}]}]
                        ---
                        apiVersion: networking.istio.io/v1
                        kind: DestinationRule
                        metadata: {name: shop}
                        spec:
                          host: shop.example.com
                          trafficPolicy:
                            loadBalancer: {simple: ROUND_ROBIN}
                        """.formatted(a.port(), b.port(), c.port()) + example.indent(4)))
                .observer(new MeshObserver() {
                    @Override
                    public void hostEjected(Ejection ejection) {
                        ejected.add(ejection);
                    }

                    @Override
                    public void hostReadmitted(Ejection ejection) {
                        readmitted.release();
                    }
                })
                .build();
        toClose.add(0, mesh);
        client = MeshOkHttp.builder(mesh).build();
    }

    /** Who answered calls, one after the other; {@code -} where nobody did. */
    private String calls(int count) {
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < count; i++) {
            try (Response response = client.newCall(CALL).execute()) {
                names.append(response.body().string());
            } catch (IOException nobody) {
                names.append('-');
            }
        }
        return names.toString();
    }

    private static long count(String names, char name) {
        return names.chars().filter(one -> one == name).count();
    }

    @Test
    void consecutive5xxErrors() throws IOException {
        client(TrafficPage.example("Outlier detection", "consecutive5xxErrors"));
        a.plan("500");

        String names = calls(20);

        assertThat(count(names, 'a')).as(names).isEqualTo(3);
    }

    @Test
    void consecutiveGatewayErrors() throws IOException {
        client(TrafficPage.example("Outlier detection", "consecutiveGatewayErrors"));
        a.plan("500");
        b.plan("502");

        String names = calls(30);

        assertThat(count(names, 'b')).as(names).isEqualTo(3);
        assertThat(count(names, 'a')).as(names).isGreaterThan(10);
    }

    @Test
    void outlierDetectionHttpErrorCodes() throws IOException {
        client(TrafficPage.example("Outlier detection", "outlierDetectionHttpErrorCodes"));
        a.plan("429");
        b.plan("500");

        String names = calls(30);

        assertThat(count(names, 'a')).as(names).isEqualTo(3);
        assertThat(count(names, 'b')).as(names).isGreaterThan(10);
    }

    @Test
    void splitExternalLocalOriginErrors() throws IOException {
        client(TrafficPage.example("Outlier detection", "splitExternalLocalOriginErrors"));
        a.plan("close");
        b.plan("503");

        String names = calls(20);

        assertThat(count(names, 'b')).as(names).isEqualTo(2);
        assertThat(count(names, '-')).as(names).isGreaterThan(6);
    }

    @Test
    void consecutiveLocalOriginFailures() throws IOException {
        client(TrafficPage.example("Outlier detection", "consecutiveLocalOriginFailures"));
        a.close();

        String names = calls(20);

        assertThat(count(names, '-')).as(names).isEqualTo(2);
    }

    @Test
    void interval() throws Exception {
        client(TrafficPage.example("Outlier detection", "interval"));
        a.plan("503");

        String names = calls(6);
        assertThat(count(names, 'a')).as(names).isEqualTo(1);
        a.plan("200");
        awaitReadmission();

        assertThat(calls(3)).contains("a");
        assertThat(lasted(ejected.get(0))).isBetween(Duration.ofMillis(1), Duration.ofMillis(301));
    }

    @Test
    void baseEjectionTime() throws Exception {
        client(TrafficPage.example("Outlier detection", "baseEjectionTime"));
        a.plan("503");

        calls(3);
        awaitReadmission();
        calls(3);
        awaitReadmission();

        // How soon the second one followed is up to the machine.
        assertThat(ejected)
                .hasSize(2)
                .allSatisfy(ejection -> assertThat(lasted(ejection))
                        .isBetween(
                                Duration.ofMillis(200).multipliedBy(ejection.count()),
                                Duration.ofMillis(200)
                                        .multipliedBy(ejection.count())
                                        .plusMillis(50)));
        assertThat(ejected.get(0).count()).isEqualTo(1);
    }

    private void awaitReadmission() throws InterruptedException {
        assertThat(readmitted.tryAcquire(10, TimeUnit.SECONDS)).as("is back").isTrue();
    }

    private static Duration lasted(Ejection ejection) {
        return Duration.between(ejection.since(), ejection.until());
    }

    @Test
    void maxEjectionPercent() throws IOException {
        client(TrafficPage.example("Outlier detection", "maxEjectionPercent"));
        a.plan("503");
        b.plan("503");

        String names = calls(20);

        assertThat(Math.min(count(names, 'a'), count(names, 'b'))).as(names).isEqualTo(1);
        assertThat(Math.max(count(names, 'a'), count(names, 'b'))).as(names).isGreaterThan(8);
    }

    @Test
    void minHealthPercent() throws IOException {
        client(TrafficPage.example("Outlier detection", "minHealthPercent"));
        a.plan("503");
        b.plan("503");

        calls(6);

        assertThat(calls(6)).contains("a", "b", "c");
        assertThat(mesh.clusters().get("outbound|80||shop.example.com"))
                .filteredOn(endpoint -> endpoint.ejection() != null)
                .hasSize(2);
    }
}
