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
import io.inmesh.kubernetes.internal.api.ClusterConfiguration;
import io.kubernetes.client.openapi.ApiClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** C2: the way to the API server goes dead under an open watch: no byte, no FIN, no RST. */
@Tag("kubernetes")
class SilenceTest {
    private static final int CYCLES = Integer.parseInt(KubernetesCluster.property("kubernetes.silences"));
    private static final Duration SEEN_WITHIN = Duration.ofSeconds(60);
    private static final Duration RIGHT_WITHIN = Duration.ofSeconds(35);
    // OkHttp keeps a thread for a minute after its last work, so that now and then there is one more.
    private static final int PASSING_THREADS = 4;

    private static FarCluster far;
    private static HandMadeService service;

    private KubernetesConnection connection;
    private KubernetesEndpointSource table;
    private volatile ServiceEndpoints told = ServiceEndpoints.absent(new ServiceName("none"));

    @BeforeAll
    static void start() {
        far = FarCluster.start("far");
        service = HandMadeService.create(far.cluster().api());
    }

    @AfterAll
    static void stop() {
        far.close();
    }

    @AfterEach
    void disconnect() {
        table.close();
        connection.close();
    }

    private void connect(KubernetesSettings.Builder settings) {
        connection =
                KubernetesConnection.of(settings.self(WorkloadIdentity.DEFAULT).build());
        table = new KubernetesEndpointSource(connection);
        table.watch(new ServiceName(HandMadeService.HOST), update -> told = update);
        service.has(List.of("10.244.7.1"));
        Eventually.within(RIGHT_WITHIN, () -> assertThat(addresses()).containsExactly("10.244.7.1"));
        Eventually.within(
                RIGHT_WITHIN, () -> assertThat(table.status().state()).isEqualTo(KubernetesStatus.State.LIVE));
    }

    @Test
    void aDeadWayIsNoticedAndTheTableIsRightSoonAfterItsReturn() {
        connect(KubernetesSettings.builder().kubeconfig(far.cluster().kubeconfig()));

        cycle(1);
    }

    /**
     * With pings every second instead of every 15, so that many cycles fit into the time; and with short pauses, because a
     * connection that breaks again within 10 s is waited for ever longer.
     */
    @Test
    void manyDeadWaysNeedNoMoreThreads() {
        connect(KubernetesSettings.builder()
                .client(SilenceTest::impatientClient)
                .backoff(Duration.ofMillis(800), Duration.ofSeconds(2)));
        cycle(1);
        long watching = watchThreads();
        int all = Thread.activeCount();

        for (int number = 2; number <= CYCLES; number++) {
            cycle(number);
            assertThat(watchThreads()).isEqualTo(watching);
            assertThat(Thread.activeCount()).isLessThanOrEqualTo(all + PASSING_THREADS);
        }
    }

    private void cycle(int number) {
        FarCluster.unplug();
        List<String> before = addresses();
        Duration noticed = Eventually.within(
                SEEN_WITHIN, () -> assertThat(table.status().state()).isEqualTo(KubernetesStatus.State.STALE));
        assertThat(addresses()).isEqualTo(before);
        assertThat(table.status().watches())
                .extracting(KubernetesStatus.Watch::lastFailure)
                .anyMatch(failure -> failure.contains("its pings are not answered"))
                .noneMatch(failure -> failure.contains("PROTOCOL_ERROR"));

        FarCluster.plug();
        List<String> next = List.of("10.244.7." + (number + 1));
        long since = System.nanoTime();
        Eventually.within(RIGHT_WITHIN, () -> service.has(next));
        Eventually.within(RIGHT_WITHIN, () -> assertThat(addresses()).isEqualTo(next));
        Duration right = Duration.ofNanos(System.nanoTime() - since);
        assertThat(right).isLessThan(RIGHT_WITHIN);
        Eventually.within(
                RIGHT_WITHIN, () -> assertThat(table.status().state()).isEqualTo(KubernetesStatus.State.LIVE));
        System.out.printf(
                "cycle %d: noticed after %d ms, right %d ms after the return, %d watching of %d threads%n",
                number, noticed.toMillis(), right.toMillis(), watchThreads(), Thread.activeCount());
    }

    private static ApiClient impatientClient() throws IOException {
        ApiClient client =
                ClusterConfiguration.ofProcess(far.cluster().kubeconfig(), null).call();
        return client.setHttpClient(client.getHttpClient()
                .newBuilder()
                .pingInterval(Duration.ofSeconds(1))
                .build());
    }

    private static long watchThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("inmesh-watch-"))
                .count();
    }

    private List<String> addresses() {
        return told.endpoints().getOrDefault(HandMadeService.PORT, List.of()).stream()
                .map(Endpoint::address)
                .toList();
    }
}
