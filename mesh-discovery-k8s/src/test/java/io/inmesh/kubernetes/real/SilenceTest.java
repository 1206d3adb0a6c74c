package io.inmesh.kubernetes.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.kubernetes.KubernetesConnection;
import io.inmesh.kubernetes.KubernetesEndpointSource;
import io.inmesh.kubernetes.KubernetesSettings;
import io.inmesh.kubernetes.KubernetesStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The way to the API server goes dead under an open watch: no byte, no FIN, no RST. Once in the usual build,
 * 50 times under the profile {@code long-faults}.
 */
@Tag("kubernetes")
class SilenceTest {
    private static final boolean FULL =
            Duration.parse(KubernetesCluster.property("kubernetes.outage")).toSeconds() >= 60;
    private static final int CYCLES = FULL ? 50 : 1;
    private static final Duration SEEN_WITHIN = Duration.ofSeconds(60);
    private static final Duration RIGHT_WITHIN = Duration.ofSeconds(35);

    private FarCluster far;
    private ClusterApi api;
    private KubernetesConnection connection;
    private KubernetesEndpointSource table;
    private volatile ServiceEndpoints told = ServiceEndpoints.absent(new ServiceName("none"));

    @BeforeEach
    void connect() {
        far = FarCluster.start("far");
        api = far.cluster().api();
        api.apply(
                Map.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "Service",
                        "metadata",
                        Map.of("name", "web"),
                        "spec",
                        Map.of("ports", List.of(Map.of("name", "http", "port", 80)))),
                "default");
        connection = KubernetesConnection.of(KubernetesSettings.builder()
                .kubeconfig(far.cluster().kubeconfig())
                .self(WorkloadIdentity.DEFAULT)
                .build());
        table = new KubernetesEndpointSource(connection);
        table.watch(new ServiceName("web.default.svc.cluster.local"), update -> told = update);
    }

    @AfterEach
    void disconnect() {
        table.close();
        connection.close();
        far.close();
    }

    @Test
    void aDeadWayIsNoticedAndTheTableIsRightSoonAfterItsReturn() {
        endpoint("10.244.7.1");
        Eventually.within(RIGHT_WITHIN, () -> assertThat(addresses()).containsExactly("10.244.7.1"));
        long threads = watchThreads();
        for (int cycle = 1; cycle <= CYCLES; cycle++) {
            FarCluster.unplug();
            List<String> before = addresses();
            Duration noticed = Eventually.within(
                    SEEN_WITHIN, () -> assertThat(table.status().state()).isEqualTo(KubernetesStatus.State.STALE));
            assertThat(addresses()).isEqualTo(before);

            FarCluster.plug();
            String next = "10.244.7." + (cycle + 1);
            Eventually.within(RIGHT_WITHIN, () -> endpoint(next));
            Duration right = Eventually.within(
                    RIGHT_WITHIN, () -> assertThat(addresses()).containsExactly(next));
            Eventually.within(
                    RIGHT_WITHIN, () -> assertThat(table.status().state()).isEqualTo(KubernetesStatus.State.LIVE));
            System.out.printf(
                    "cycle %d: noticed after %d ms, right after %d ms, %d threads%n",
                    cycle, noticed.toMillis(), right.toMillis(), watchThreads());
            assertThat(watchThreads()).isEqualTo(threads);
        }
    }

    private static long watchThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("inmesh-watch-"))
                .count();
    }

    private void endpoint(String address) {
        api.apply(
                Map.of(
                        "apiVersion",
                        "discovery.k8s.io/v1",
                        "kind",
                        "EndpointSlice",
                        "metadata",
                        Map.of("name", "web-1", "labels", Map.of("kubernetes.io/service-name", "web")),
                        "addressType",
                        "IPv4",
                        "ports",
                        List.of(Map.of("name", "http", "port", 8080)),
                        "endpoints",
                        List.of(Map.of("addresses", List.of(address)))),
                "default");
    }

    private List<String> addresses() {
        return told.endpoints().getOrDefault(80, List.of()).stream()
                .map(Endpoint::address)
                .toList();
    }
}
