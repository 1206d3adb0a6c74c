package io.inmesh.telemetry.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.OutboundTrafficPolicy;
import io.inmesh.call.SimpleRequestHead;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.event.ResponseFlag;
import io.inmesh.observe.EndedCall;
import io.inmesh.observe.StartedCall;
import io.inmesh.testing.LeakCheck;
import io.inmesh.testing.ScriptedExchange;
import io.inmesh.testing.ScriptedExchange.Reply;
import io.micrometer.core.instrument.Counter;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class IstioMetricsTest {
    /** In the order in which Prometheus has them; those that differ are left out. */
    private static final String LABELS = "connection_security_policy=\"unknown\","
            + "destination_app=\"reviews\",destination_canonical_revision=\"v1\",destination_canonical_service=\"reviews\","
            + "destination_cluster=\"unknown\",destination_principal=\"unknown\","
            + "destination_service=\"reviews.default.svc.cluster.local\",destination_service_name=\"reviews\","
            + "destination_service_namespace=\"default\",destination_version=\"v1\",destination_workload=\"reviews-v1\","
            + "destination_workload_namespace=\"default\",grpc_response_status=\"\",reporter=\"source\","
            + "request_protocol=\"http\",response_code=\"200\",response_flags=\"-\",source_app=\"productpage\","
            + "source_canonical_revision=\"v1\",source_canonical_service=\"productpage\",source_cluster=\"unknown\","
            + "source_principal=\"unknown\",source_version=\"v1\",source_workload=\"productpage-v1\","
            + "source_workload_namespace=\"shop\"";

    @RegisterExtension
    final LeakCheck leaks = new LeakCheck();

    private final MeteredMesh metered = new MeteredMesh();
    private final IstioMetrics metrics = IstioMetrics.builder(
                    metered.registry,
                    WorkloadIdentity.DEFAULT.with(
                            "shop", Map.of("app", "productpage", "version", "v1", "pod-template-hash", "6b746f74dc")))
            .podName("productpage-v1-6b746f74dc-9rlmh")
            .build();

    private Mesh mesh(Mesh.Builder builder) {
        Mesh mesh = leaks.watch(builder.observer(metrics).build());
        metrics.bindTo(mesh);
        return mesh;
    }

    @Test
    void hasIstiosNamesAndLabels() throws IOException {
        Mesh mesh = mesh(metered.builder());

        mesh.execute(ScriptedExchange.get(MeteredMesh.URL, attempt -> {
                    if (attempt.number() == 1) {
                        throw new ConnectException("refused");
                    }
                    metered.clock.advance(Duration.ofMillis(30));
                    return Reply.of(200, "");
                }))
                .close();

        assertThat(metered.lines("istio_requests_total")).containsExactly("istio_requests_total{" + LABELS + "} 1.0");
        assertThat(metered.lines("istio_request_duration_milliseconds_count"))
                .containsExactly("istio_request_duration_milliseconds_count{" + LABELS + "} 1.0");
        assertThat(metered.lines("istio_request_bytes_count"))
                .containsExactly("istio_request_bytes_count{" + LABELS + "} 1.0");
        assertThat(metered.lines("istio_response_bytes_count"))
                .containsExactly("istio_response_bytes_count{" + LABELS + "} 1.0");
        assertThat(metered.lines("istio_request_duration_milliseconds_bucket"))
                .hasSize(20)
                .contains(
                        "istio_request_duration_milliseconds_bucket{" + LABELS + ",le=\"25.0\"} 0.0",
                        "istio_request_duration_milliseconds_bucket{" + LABELS + ",le=\"100.0\"} 1.0",
                        "istio_request_duration_milliseconds_bucket{" + LABELS + ",le=\"+Inf\"} 1.0");
    }

    @Test
    void whatASidecarWouldAnswerIsTheCodeWhereThereIsNone() {
        Mesh mesh = mesh(metered.builder());

        ends(mesh, ScriptedExchange.get(MeteredMesh.URL, attempt -> {
            throw new IOException("broken");
        }));
        ends(mesh, ScriptedExchange.get("http://reviews:9080/empty", ScriptedExchange::echoEndpoint));
        ends(mesh, ScriptedExchange.get("http://reviews:9080/unrouted", ScriptedExchange::echoEndpoint));
        ends(mesh, ScriptedExchange.get("http://elsewhere.example.com/", ScriptedExchange::echoEndpoint));
        ends(mesh, ScriptedExchange.get("http://other.example.com/", ScriptedExchange::echoEndpoint));

        assertThat(requests())
                .containsExactlyInAnyOrder(
                        "reviews reviews-v1 503 UC 1",
                        "reviews unknown 503 UH 1",
                        "unknown unknown 404 NR 1",
                        "PassthroughCluster unknown 200 - 2");
        assertThat(metered.lines("istio_requests_total"))
                .allSatisfy(line -> assertThat(line)
                        .contains(List.of(
                                "destination_canonical_service=",
                                "source_canonical_revision=",
                                "destination_service_namespace=")));
    }

    @Test
    void whatMayNotBeCalledIsABlackHole() {
        ends(
                mesh(metered.builder().outboundTrafficPolicy(OutboundTrafficPolicy.REGISTRY_ONLY)),
                ScriptedExchange.get("http://elsewhere.example.com/"));

        assertThat(requests()).containsExactly("BlackHoleCluster unknown 502 BLOCKED 1");
    }

    @Test
    void whatAGatewayHasNoHostForIsNoBlackHole() {
        StartedCall call = new StartedCall(
                SimpleRequestHead.of("GET", "http://elsewhere.example.com/", Map.of()),
                StartedCall.Handling.REFUSED,
                "",
                "",
                null);

        metrics.callStarted(call).ended(new EndedCall(0, ResponseFlag.NR, 0, 1));

        assertThat(requests()).containsExactly("unknown unknown 404 NR 1");
    }

    @Test
    void theNamespaceIsKnownFromWhenTheMeshIs() {
        Mesh mesh = leaks.watch(metered.builder().observer(metrics).build());
        ends(mesh, ScriptedExchange.get("http://api.example.com/"));
        metrics.bindTo(mesh);
        ends(mesh, ScriptedExchange.get("http://api.example.com/"));

        assertThat(metered.registry.find("istio.requests").counters())
                .extracting(counter -> counter.getId().getTag("destination_service_namespace"))
                .containsExactlyInAnyOrder("unknown", "default");
    }

    @Test
    void workloadsBeyondTheLimitAreUnknown() {
        IstioMetrics few = IstioMetrics.builder(metered.registry, WorkloadIdentity.DEFAULT)
                .limit(1)
                .build();
        Mesh mesh = leaks.watch(metered.builder().observer(few).build());

        ends(mesh, ScriptedExchange.get("http://reviews:9080/empty"));
        ends(mesh, ScriptedExchange.get(MeteredMesh.URL));

        assertThat(requests()).containsExactlyInAnyOrder("reviews unknown 503 UH 1", "unknown unknown 200 - 1");
    }

    @Test
    void standsBesideTheMeshsOwnMetrics() throws IOException {
        MeshMetrics own = MeshMetrics.of(metered.registry);
        Mesh mesh =
                leaks.watch(metered.builder().observer(own).observer(metrics).build());

        mesh.execute(ScriptedExchange.get(MeteredMesh.URL)).close();

        assertThat(metered.lines("istio_requests_total")).hasSize(1);
        assertThat(metered.lines("mesh_client_requests_seconds_count")).hasSize(1);
    }

    private static void ends(Mesh mesh, ScriptedExchange exchange) {
        MeshMetricsTest.ends(mesh, exchange);
    }

    private List<String> requests() {
        return metered.registry.find("istio.requests").counters().stream()
                .map(IstioMetricsTest::told)
                .toList();
    }

    private static String told(Counter counter) {
        return "%s %s %s %s %d"
                .formatted(
                        counter.getId().getTag("destination_service_name"),
                        counter.getId().getTag("destination_workload"),
                        counter.getId().getTag("response_code"),
                        counter.getId().getTag("response_flags"),
                        (long) counter.count());
    }
}
