package io.inmesh.internal.control;

import static io.inmesh.testing.Rules.config;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Locality;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.Workload;
import io.inmesh.endpoint.WorkloadSelector;
import io.inmesh.internal.cluster.Cluster;
import io.inmesh.internal.route.ClusterKey;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.ServiceEntry;
import io.inmesh.testing.FakeEndpointSource;
import io.inmesh.testing.Rules;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Services that a source tells of by itself, and workloads that a ServiceEntry selects. */
class ToldByNameAndSelectorTest extends ControlLoopFixture {
    private static final String WEB = "web.example.com";
    private static final WorkloadSelector SELECTOR = new WorkloadSelector("default", Map.of("app", "web"));

    // names

    @Test
    void theFirstSnapshotWaitsForTheNamesAndTheirEndpoints() {
        registry.withholdNames();
        rules.tell(MeshConfig.EMPTY);
        ControlLoop loop = begun(registry);
        assertThatIllegalStateException().isThrownBy(loop::snapshot);

        registry.tellNames(REVIEWS, RATINGS);
        assertThatIllegalStateException().isThrownBy(loop::snapshot);
        registry.tell(found(REVIEWS, "10.0.0.1"));
        assertThatIllegalStateException().isThrownBy(loop::snapshot);
        registry.tell(found(RATINGS, "10.0.1.1"));

        assertThat(hosts(loop, REVIEWS)).containsExactly("10.0.0.1:9080");
        assertThat(hosts(loop, RATINGS)).containsExactly("10.0.1.1:9080");
        assertThat(clock.waitingTasks()).isZero();
    }

    @Test
    void theWaitForNamesIsBounded() {
        registry.withholdNames();
        rules.tell(MeshConfig.EMPTY);
        ControlLoop loop = begun(registry);

        clock.advance(WAIT);

        assertThat(loop.services()).isEmpty();
        registry.tell(found(REVIEWS, "10.0.0.1"));
        registry.tellNames(REVIEWS);
        assertThat(hosts(loop, REVIEWS)).containsExactly("10.0.0.1:9080");
    }

    @Test
    void namesComeAndGo() {
        rules.tell(MeshConfig.EMPTY);
        registry.tellNames(REVIEWS);
        registry.tell(found(REVIEWS, "10.0.0.1"));
        ControlLoop loop = begun(registry);

        registry.tellNames(RATINGS);

        assertThat(registry.watched()).containsExactly(new ServiceName(RATINGS));
        assertThat(loop.services()).isEmpty();
        registry.tell(found(RATINGS, "10.0.1.1"));
        assertThat(hosts(loop, RATINGS)).containsExactly("10.0.1.1:9080");
        loop.close();
        assertThat(registry.nameWatches()).isZero();
    }

    @Test
    void aNameThatSubsetsCoverIsWatchedWithLabels() {
        rules.tell(new MeshConfig(List.of(), List.of(Rules.versions("*.default.svc.cluster.local", "v1")), List.of()));
        registry.tellNames(REVIEWS);
        registry.tell(found(REVIEWS, "10.0.0.1"));

        begun(registry);

        assertThat(registry.watchedWithLabels()).containsExactly(new ServiceName(REVIEWS));
        assertThat(registry.watchedWithoutLabels()).isEmpty();
    }

    // workloads

    @Test
    void anEntryHasTheWorkloadsThatItSelectsInAllSources() {
        FakeEndpointSource second = new FakeEndpointSource("second");
        rules.tell(config(selecting(ServiceEntry.Resolution.STATIC)));
        ControlLoop loop = begun(registry, second);
        assertThatIllegalStateException().as("waits for the first answers").isThrownBy(loop::snapshot);

        registry.tellWorkloads(
                SELECTOR,
                workload("pod-1", "10.244.1.1", Map.of(), "r1/z1/s1", 0, Condition.READY),
                workload("pod-2", "10.244.1.2", Map.of(), "r1/z2", 0, Condition.NOT_READY));
        second.tellWorkloads(SELECTOR, workload("vm", "10.244.8.1", Map.of("http", 9999), "r2/z1", 3, Condition.READY));

        assertThat(web(loop).members())
                .extracting(member -> member.endpoint().hostPort() + " "
                        + member.endpoint().locality() + " "
                        + member.endpoint().weight() + " "
                        + member.state() + " " + member.eligible())
                .containsExactly(
                        "10.244.1.1:8080 r1/z1/s1 1 ready true",
                        "10.244.1.2:8080 r1/z2 1 not ready false",
                        "10.244.8.1:9999 r2/z1 3 ready true");
        assertThat(loop.status().problems()).isEmpty();
        registry.tellWorkloads(SELECTOR);
        assertThat(web(loop).members()).hasSize(1);
        rules.tell(MeshConfig.EMPTY);
        assertThat(registry.watchedSelectors()).isEmpty();
    }

    @Test
    void workloadsUnderDnsNamesAreResolved() throws UnknownHostException {
        rules.tell(config(selecting(ServiceEntry.Resolution.DNS)));
        registry.tellWorkloads(SELECTOR, workload("vm", "vm.example.com", Map.of(), "", 0, Condition.READY));
        dnsAnswer.add(InetAddress.getByName("10.0.0.1"));

        ControlLoop loop = begun(registry);
        assertThat(loop.status().problems()).isEmpty();
        assertThat(web(loop).members())
                .extracting(member -> member.endpoint().hostPort())
                .containsExactly("10.0.0.1:8080");

        registry.tellWorkloads(SELECTOR);
        assertThat(web(loop).members()).isEmpty();
        assertThat(clock.waitingTasks()).as("look-ups").isZero();
    }

    @Test
    void aNameWhereOnlyAddressesAreTakenIsToldOf() {
        rules.tell(config(selecting(ServiceEntry.Resolution.STATIC)));
        registry.tellWorkloads(SELECTOR, workload("vm", "vm.example.com", Map.of(), "", 0, Condition.READY));

        ControlLoop loop = begun(registry);

        assertThat(web(loop).members()).isEmpty();
        assertThat(loop.status().problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString())
                        .contains("spec.workloadSelector", "\"vm.example.com\" is not an IP address"));
    }

    @Test
    void withoutASourceTheSelectorIsWarnedOf() {
        rules.tell(config(selecting(ServiceEntry.Resolution.STATIC)));

        ControlLoop loop = begun();

        assertThat(web(loop).members()).isEmpty();
        assertThat(loop.status().problems())
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.toString()).contains("spec.workloadSelector", "no source of endpoints"));
    }

    @Test
    void aSelectorThatSelectsNothingOrMayNotIsNotFollowed() {
        ServiceEntry none = selecting(ServiceEntry.Resolution.NONE);
        rules.tell(config(none));
        ControlLoop loop = begun(registry);

        assertThat(registry.watchedSelectors()).isEmpty();
        assertThat(loop.snapshot().version()).isEqualTo(1);
    }

    private static Cluster web(ControlLoop loop) {
        return loop.snapshot().clusters().get(new ClusterKey(WEB, 80, ""));
    }

    private static Workload workload(
            String id, String address, Map<String, Integer> ports, String locality, int weight, Condition condition) {
        return new Workload(id, address, ports, Locality.parse(locality), weight, Map.of("app", "web"), condition);
    }

    private static ServiceEntry selecting(ServiceEntry.Resolution resolution) {
        return new ServiceEntry(
                ObjectMeta.of("default", "se"),
                List.of(WEB),
                List.of(),
                List.of(new ServiceEntry.Port(80, "HTTP", "http", 8080)),
                ServiceEntry.Location.MESH_INTERNAL,
                resolution,
                List.of(),
                Map.of("app", "web"),
                List.of(),
                List.of());
    }
}
