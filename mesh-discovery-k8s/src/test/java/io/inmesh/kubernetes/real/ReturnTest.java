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
import io.inmesh.kubernetes.real.KubernetesCluster.Part;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * C1, time and again: the API server is killed and comes back with 3 of 10 endpoints replaced, and each time the table is
 * right soon.
 */
@Tag("kubernetes")
class ReturnTest {
    private static final int TIMES = Integer.parseInt(KubernetesCluster.property("kubernetes.returns"));
    private static final Duration READY_WITHIN = Duration.ofSeconds(30);
    private static final Duration RIGHT_WITHIN = Duration.ofSeconds(5);
    // Until pauses between attempts are as long as they get.
    private static final Duration SHORTEST_OUTAGE = Duration.ofSeconds(5);

    private KubernetesCluster cluster;
    private HandMadeService service;
    private KubernetesConnection connection;
    private KubernetesEndpointSource table;
    private volatile ServiceEndpoints told = ServiceEndpoints.absent(new ServiceName("none"));

    @BeforeEach
    void start() {
        cluster = KubernetesCluster.start("return");
        service = HandMadeService.create(cluster.api());
        connection = KubernetesConnection.of(KubernetesSettings.builder()
                .kubeconfig(cluster.kubeconfig())
                .self(WorkloadIdentity.DEFAULT)
                .build());
        table = new KubernetesEndpointSource(connection);
        table.watch(new ServiceName(HandMadeService.HOST), update -> told = update);
    }

    @AfterEach
    void stop() {
        table.close();
        connection.close();
        cluster.close();
    }

    @Test
    void theTableIsRightSoonAfterEachReturn() {
        List<String> truth = endpoints(0);
        service.has(truth);
        isRight(READY_WITHIN, truth);
        List<Long> took = new ArrayList<>();
        for (int time = 1; time <= TIMES; time++) {
            isLive();
            Map<String, Long> lists = lists();
            List<String> before = addresses();

            cluster.kill(Part.API_SERVER);
            Eventually.within(
                    READY_WITHIN, () -> assertThat(table.status().state()).isEqualTo(KubernetesStatus.State.STALE));
            // Not always at the same moment between two attempts.
            Eventually.pause(SHORTEST_OUTAGE.plusMillis(time * 370L % 2000));
            assertThat(addresses()).isEqualTo(before);

            cluster.up();
            long back = System.nanoTime();
            truth = endpoints(time);
            service.has(truth);
            isRight(RIGHT_WITHIN, truth);
            Duration right = Duration.ofNanos(System.nanoTime() - back);
            took.add(right.toMillis());
            assertThat(right).isLessThanOrEqualTo(RIGHT_WITHIN);
            isLive();
            lists().forEach((watch, now) -> assertThat(now - lists.getOrDefault(watch, 0L))
                    .as("lists of %s", watch)
                    .isLessThanOrEqualTo(1));
        }
        System.out.println("the table was right so many ms after each return of the API server: " + took);
        assertThat(took).hasSize(TIMES);
    }

    /** Ten, of which three are others each time. */
    private static List<String> endpoints(int time) {
        List<String> addresses = new ArrayList<>();
        for (int i = 1; i <= 7; i++) {
            addresses.add("10.244.8." + i);
        }
        for (int i = 0; i < 3; i++) {
            addresses.add("10.244.9." + (time * 3 + i + 1));
        }
        return addresses;
    }

    private void isRight(Duration limit, List<String> truth) {
        Eventually.within(limit, () -> assertThat(addresses()).containsExactlyInAnyOrderElementsOf(truth));
    }

    private void isLive() {
        Eventually.within(
                READY_WITHIN, () -> assertThat(table.status().state()).isEqualTo(KubernetesStatus.State.LIVE));
    }

    /** Of what the server has: it is asked for WorkloadEntries again and again, at longer and longer pauses. */
    private Map<String, Long> lists() {
        Map<String, Long> lists = new TreeMap<>();
        table.status().watches().stream()
                .filter(watch -> !watch.selection().startsWith("workloadentries."))
                .forEach(watch -> lists.put(watch.selection(), watch.counts().get("lists")));
        assertThat(lists).as("services and slices").hasSize(2);
        return lists;
    }

    private List<String> addresses() {
        return told.endpoints().getOrDefault(HandMadeService.PORT, List.of()).stream()
                .map(Endpoint::address)
                .toList();
    }
}
