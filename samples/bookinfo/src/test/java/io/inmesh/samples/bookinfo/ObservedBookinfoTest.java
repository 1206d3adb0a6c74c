package io.inmesh.samples.bookinfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.inmesh.samples.bookinfo.RealJaeger.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a real Prometheus and a real Jaeger have of bookinfo behind its gateway, asked by their own APIs: of a number of
 * pages, with one dead endpoint of ratings beside the living one, whose calls are retried.
 */
@Tag("observe")
class ObservedBookinfoTest {
    /** In two rounds, since a rate takes a series that was there before. */
    private static final int ROUND = 10;

    private static final int PAGES = 2 * ROUND;
    private static final Duration TO_ARRIVE = Duration.ofSeconds(20);

    @TempDir
    static Path rules;

    private static RealJaeger jaeger;
    private static RealPrometheus prometheus;
    private static RunningBookinfo bookinfo;

    @BeforeAll
    static void start() throws IOException {
        Path work = Path.of(property("observe.work"));
        Path assets = Path.of(property("observe.assets"));
        jaeger = RealJaeger.start(assets.resolve("jaeger"), work.resolve("jaeger"));
        for (String rule : List.of("destination-rule-all.yaml", "virtual-service-reviews-v3.yaml")) {
            Files.copy(Path.of("rules-library", rule), rules.resolve(rule));
        }
        int dead = RealProcess.freePorts(1).get(0);
        Files.writeString(rules.resolve("ratings.yaml"), """
                # Another endpoint of ratings, where nobody listens.
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: ratings-more}
                spec:
                  hosts: [ratings.default.svc.cluster.local]
                  location: MESH_INTERNAL
                  resolution: STATIC
                  ports: [{number: 9080, name: http, protocol: HTTP}]
                  endpoints:
                  - address: 127.0.0.1
                    ports: {http: %d}
                    labels: {app: ratings, version: v1}
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: ratings-in-turn}
                spec:
                  host: ratings
                  trafficPolicy: {loadBalancer: {simple: ROUND_ROBIN}}
                """.formatted(dead));
        bookinfo = RunningBookinfo.observed(rules, jaeger.collector());
        prometheus = RealPrometheus.start(
                assets.resolve("prometheus"),
                work.resolve("prometheus"),
                bookinfo.bookinfo().prometheusFile());

        pages();
        await().atMost(TO_ARRIVE).until(() -> counted() == ROUND);
        pages();
        await().atMost(TO_ARRIVE).until(() -> counted() == PAGES);
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable part : new AutoCloseable[] {bookinfo, prometheus, jaeger}) {
            if (part != null) {
                part.close();
            }
        }
    }

    @Test
    void aTraceGoesThroughAllServices() {
        await().atMost(TO_ARRIVE)
                .untilAsserted(() -> assertThat(jaeger.traces("ratings", 1000)).hasSize(PAGES));
        for (Trace trace : jaeger.traces("ratings", 1000)) {
            assertThat(trace.spans())
                    .as(trace.tree())
                    .extracting(span -> span.service())
                    .contains("productpage", "details", "reviews", "ratings");
        }
    }

    private static void pages() {
        for (int i = 0; i < ROUND; i++) {
            assertThat(bookinfo.page(null).body()).contains("reviews-v3 at", "red stars");
        }
    }

    /** Pages that the last service of the way has told Prometheus of. */
    private static double counted() {
        return prometheus.number("sum(http_server_requests_seconds_count{app=\"ratings\",uri=\"/ratings/{id}\"})");
    }

    private static String property(String name) {
        return java.util.Objects.requireNonNull(System.getProperty(name), name);
    }
}
