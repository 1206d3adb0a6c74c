package io.inmesh.samples.bookinfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.inmesh.samples.bookinfo.RealJaeger.Span;
import io.inmesh.samples.bookinfo.RealJaeger.Trace;
import io.inmesh.samples.bookinfo.RealPrometheus.Exemplar;
import io.inmesh.samples.bookinfo.RealPrometheus.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a real Prometheus and a real Jaeger have of bookinfo behind its gateway, asked by their own APIs: of a number of
 * pages, with a dead endpoint of ratings beside the living one, so that calls are retried.
 */
@Tag("observe")
class ObservedBookinfoTest {
    /** In two rounds, since a rate takes a series that was there before. */
    private static final int ROUND = 10;

    private static final int PAGES = 2 * ROUND;
    private static final Duration TO_ARRIVE = Duration.ofSeconds(20);
    private static final String RATINGS = "service=\"ratings.default.svc.cluster.local\"";

    /** By workloads, code and flags; what is refused a connection arrives nowhere. */
    private static final Map<String, Double> EDGES = Map.of(
            "gateway -> productpage-v1 200 -", (double) PAGES,
            "productpage-v1 -> details-v1 200 -", (double) PAGES,
            "productpage-v1 -> reviews-v3 200 -", (double) PAGES,
            "reviews-v3 -> ratings-v1 200 -", (double) PAGES);

    @TempDir
    static Path rules;

    private static RealJaeger jaeger;
    private static RealPrometheus prometheus;
    private static RunningBookinfo bookinfo;
    private static int dead;
    private static List<Trace> traces;

    @BeforeAll
    static void start() throws IOException {
        Path work = Path.of(property("observe.work"));
        Path assets = Path.of(property("observe.assets"));
        jaeger = RealJaeger.start(assets.resolve("jaeger"), work.resolve("jaeger"));
        for (String rule : List.of("destination-rule-all.yaml", "virtual-service-reviews-v3.yaml")) {
            Files.copy(Path.of("rules-library", rule), rules.resolve(rule));
        }
        dead = RealProcess.freePorts(1).get(0);
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
                metadata: {name: ratings}
                spec:
                  host: ratings
                  trafficPolicy: {loadBalancer: {simple: ROUND_ROBIN}}
                """.formatted(dead));
        bookinfo = RunningBookinfo.observed(rules, jaeger.collector());
        prometheus = RealPrometheus.start(
                assets.resolve("prometheus"),
                work.resolve("prometheus"),
                Objects.requireNonNull(bookinfo.bookinfo().prometheusFile()));

        pages();
        await().atMost(TO_ARRIVE).until(() -> counted() == ROUND);
        pages();
        await().atMost(TO_ARRIVE).until(() -> counted() == PAGES);
        await().atMost(TO_ARRIVE).until(() -> jaeger.traces("ratings", 1000).size() == PAGES);
        traces = jaeger.traces("ratings", 1000);
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
    void everyInstanceIsScraped() {
        assertThat(prometheus.targets())
                .containsOnly(
                        Map.entry("gateway ", "up"),
                        Map.entry("productpage v1", "up"),
                        Map.entry("details v1", "up"),
                        Map.entry("reviews v1", "up"),
                        Map.entry("reviews v2", "up"),
                        Map.entry("reviews v3", "up"),
                        Map.entry("ratings v1", "up"));
    }

    @Test
    void istiosMetricsCountEachCallOnceAtItsSource() {
        for (String metric : List.of(
                "istio_requests_total",
                "istio_request_duration_milliseconds_count",
                "istio_request_bytes_count",
                "istio_response_bytes_count")) {
            assertThat(sums(metric + "{reporter=\"source\"}", ObservedBookinfoTest::edge))
                    .as(metric)
                    .isEqualTo(EDGES);
        }
        int details = bookinfo.get(Instance.DETAILS_V1, "/details/0").body().length();
        assertThat(sums("istio_response_bytes_sum{reporter=\"source\"}", ObservedBookinfoTest::edge))
                .containsEntry("productpage-v1 -> details-v1 200 -", (double) details * PAGES);
    }

    @Test
    void istiosMetricsCountWhatArrivesAtItsDestinationWithItsSource() {
        await().atMost(TO_ARRIVE)
                .untilAsserted(() -> assertThat(sums(
                                "istio_requests_total{reporter=\"destination\",source_workload!=\"unknown\"}",
                                ObservedBookinfoTest::edge))
                        .isEqualTo(EDGES));
    }

    @Test
    void theMeshsMetricsTellCallsFromAttempts() {
        assertThat(sums(
                        "mesh_client_requests_seconds_count",
                        it -> it.label("app") + " " + it.label("service") + " " + it.label("subset") + " "
                                + it.label("code") + " " + it.label("flag")))
                .containsOnly(
                        Map.entry("gateway productpage.default.svc.cluster.local none 200 none", (double) PAGES),
                        Map.entry("productpage details.default.svc.cluster.local none 200 none", (double) PAGES),
                        Map.entry("productpage reviews.default.svc.cluster.local v3 200 none", (double) PAGES),
                        Map.entry("reviews ratings.default.svc.cluster.local none 200 none", (double) PAGES));
        double refused = prometheus.number("mesh_client_attempts_seconds_count{%s,flag=\"UF\"}".formatted(RATINGS));
        // In turn: every other call meets the dead one first.
        assertThat(refused).isBetween(PAGES / 4.0, (double) PAGES);
        assertThat(prometheus.number("sum(mesh_client_attempts_seconds_count{%s})".formatted(RATINGS)))
                .isEqualTo(PAGES + refused);
        assertThat(sums("mesh_client_retries_total", it -> it.label("service") + " " + it.label("reason")))
                .containsOnly(Map.entry("ratings.default.svc.cluster.local UF", refused));
        assertThat(prometheus.number("sum(http_client_requests_seconds_count{app=\"reviews\"})"))
                .isEqualTo(PAGES);
        assertThat(sums(
                        "mesh_endpoints{app=\"reviews\",version=\"v3\",%s}".formatted(RATINGS),
                        it -> it.label("state")))
                .isEqualTo(Map.of("ready", 2.0, "terminating", 0.0, "not_ready", 0.0, "ejected", 0.0));
    }

    @Test
    void kialisThreeQueriesGiveTheGraph() {
        KialiGraph graph = new KialiGraph(prometheus, "default");

        Map<String, Double> edges = KialiGraph.edges(graph.fromWithin());
        assertThat(edges.keySet())
                .containsExactly(
                        "gateway latest -> productpage v1",
                        "productpage v1 -> details v1",
                        "productpage v1 -> reviews v3",
                        "reviews v3 -> ratings v1");
        assertThat(edges.values()).allMatch(rate -> rate > 0);
        // Only Prometheus itself is unknown, and all is of one namespace.
        assertThat(KialiGraph.edges(graph.fromUnknownSources()).keySet())
                .allMatch(edge -> edge.startsWith("unknown unknown -> "));
        assertThat(KialiGraph.edges(graph.fromOtherNamespaces())).isEmpty();
    }

    @Test
    void aPageIsOneTraceWithAttemptsBesideEachOther() {
        int retried = 0;
        for (Trace trace : traces) {
            Span page = trace.only("gateway", "server");
            assertThat(page.parent()).as(trace.tree()).isNull();
            assertThat(attempts(trace, page, 2, "productpage")).hasSize(1);
            Span productpage = trace.only("productpage", "server");
            assertThat(attempts(trace, productpage, 2, "details")).hasSize(1);
            assertThat(attempts(trace, productpage, 2, "reviews")).hasSize(1);
            List<Span> toRatings = attempts(trace, trace.only("reviews", "server"), 2, "ratings");
            assertThat(toRatings).as(trace.tree()).hasSizeBetween(1, 2);
            if (toRatings.size() == 2) {
                retried++;
                Span refused = toRatings.get(0);
                assertThat(refused.tag("mesh.flag")).as(trace.tree()).isEqualTo("UF");
                assertThat(refused.tag("network.peer.port")).isEqualTo(Integer.toString(dead));
                assertThat(trace.children(refused)).isEmpty();
                assertThat(toRatings.get(1).tag("http.request.resend_count")).isEqualTo("1");
            }
            Span answered = toRatings.get(toRatings.size() - 1);
            assertThat(answered.tag("http.response.status_code")).isEqualTo("200");
            assertThat(answered.tag("network.peer.port"))
                    .isEqualTo(Integer.toString(
                            bookinfo.bookinfo().at(Instance.RATINGS_V1).getPort()));
            assertThat(trace.only("ratings", "server").parent()).isEqualTo(answered.id());
        }
        assertThat((double) retried)
                .isEqualTo(prometheus.number("mesh_client_retries_total{%s}".formatted(RATINGS)))
                .isPositive();
    }

    @Test
    void exemplarsLeadToTraces() {
        Map<String, Trace> byId = traces.stream().collect(Collectors.toMap(Trace::id, Function.identity()));

        for (String series : List.of("mesh_client_requests_seconds_bucket", "mesh_client_attempts_seconds_bucket")) {
            List<Exemplar> exemplars = prometheus.exemplars(series + "{" + RATINGS + "}");
            assertThat(exemplars).as(series).isNotEmpty().allSatisfy(exemplar -> {
                Trace trace = byId.get(exemplar.traceId());
                assertThat(trace).as(exemplar.toString()).isNotNull();
                assertThat(trace.spans()).extracting(Span::id).contains(exemplar.spanId());
            });
        }
    }

    @Test
    void alertsAreEvaluatedAndSilent() {
        await().atMost(TO_ARRIVE)
                .until(() -> prometheus.alerts().stream().noneMatch(alert -> alert.contains(" unknown ")));
        assertThat(prometheus.alerts()).hasSize(6).allMatch(alert -> alert.contains(" ok "));
        assertThat(prometheus.alerts().stream().filter(alert -> !alert.endsWith(" inactive")))
                .allMatch(alert -> alert.equals("MeshCallsAreRetried ok pending"));
    }

    @Test
    void everyPanelOfTheDashboardHasSomethingToShow() throws IOException {
        JsonNode dashboard = JsonMapper.shared()
                .readTree(Files.readString(Path.of("..", "observability", "grafana-dashboard.json")));
        int panels = 0;
        for (JsonNode panel : dashboard.get("panels")) {
            for (JsonNode target : panel.path("targets")) {
                String query = target.get("expr")
                        .asString()
                        .replace("$job", "bookinfo")
                        .replace("$service", ".*")
                        .replace("$__rate_interval", "60s");
                List<Sample> samples = prometheus.query(query);
                // What is wrong is not here to be shown.
                if (!panel.get("title").asString().matches("Calls by flag|Sources that are not current")) {
                    assertThat(samples).as(panel.get("title") + ": " + query).isNotEmpty();
                }
                panels++;
            }
        }
        assertThat(panels).isGreaterThan(20);
    }

    /** Attempts at a service below a span, in order: so many levels below. */
    private static List<Span> attempts(Trace trace, Span from, int depth, String service) {
        List<Span> attempts = trace.below(from, depth).stream()
                .filter(span -> span.kind().equals("client"))
                .filter(span -> span.tag("server.address").equals(service)
                        || trace.children(span).stream()
                                .anyMatch(child -> child.service().equals(service)))
                .toList();
        assertThat(attempts.stream().map(Span::parent).distinct())
                .as(() -> service + " in " + trace.tree())
                .hasSize(1);
        return attempts;
    }

    private static String edge(Sample sample) {
        return "%s -> %s %s %s"
                .formatted(
                        sample.label("source_workload"),
                        sample.label("destination_workload"),
                        sample.label("response_code"),
                        sample.label("response_flags"));
    }

    private static Map<String, Double> sums(String query, Function<Sample, String> key) {
        Map<String, Double> sums = new TreeMap<>();
        prometheus.query(query).forEach(sample -> sums.merge(key.apply(sample), sample.value(), Double::sum));
        return sums;
    }

    private static void pages() {
        for (int i = 0; i < ROUND; i++) {
            assertThat(bookinfo.page(null).body()).contains("reviews-v3 at", "red stars");
        }
    }

    /** Pages that every instance on the way has told Prometheus of; the gateway is the last to end a call. */
    private static double counted() {
        return prometheus.number("min(sum by (app) (mesh_client_requests_seconds_count))");
    }

    private static String property(String name) {
        return Objects.requireNonNull(System.getProperty(name), name);
    }
}
