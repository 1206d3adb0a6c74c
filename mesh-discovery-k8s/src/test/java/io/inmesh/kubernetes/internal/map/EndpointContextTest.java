package io.inmesh.kubernetes.internal.map;

import static io.inmesh.kubernetes.internal.map.Objects.HTTP;
import static io.inmesh.kubernetes.internal.map.Objects.endpoint;
import static io.inmesh.kubernetes.internal.map.Objects.metadata;
import static io.inmesh.kubernetes.internal.map.Objects.pod;
import static io.inmesh.kubernetes.internal.map.Objects.ready;
import static io.inmesh.kubernetes.internal.map.Objects.service;
import static io.inmesh.kubernetes.internal.map.Objects.slice;
import static io.inmesh.kubernetes.internal.map.Objects.workloadEntry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.Locality;
import io.inmesh.endpoint.Workload;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.endpoint.WorkloadSelector;
import io.inmesh.kubernetes.internal.resource.EndpointSlice;
import io.inmesh.kubernetes.internal.resource.Metadata;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import io.inmesh.kubernetes.internal.resource.Pod;
import io.inmesh.kubernetes.internal.resource.PodMetadata;
import io.inmesh.kubernetes.internal.resource.Service;
import io.inmesh.kubernetes.internal.resource.WorkloadEntry;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What pods, nodes and WorkloadEntries add to a service. */
class EndpointContextTest {
    private static final EndpointSlice SLICE =
            slice("db-1", List.of(HTTP), endpoint("10.0.0.1", true, true, false, "n1", "z1", "u1"), ready("10.0.0.2"));

    private static Endpoint first(
            @Nullable Map<ObjectKey, PodMetadata> pods, @Nullable Map<String, Locality> nodes, EndpointSlice slice) {
        EndpointContext around = new EndpointContext(WorkloadIdentity.DEFAULT, pods, null, nodes, List.of());
        return ServiceMapper.map(service(), List.of(slice), around)
                .endpoints()
                .get(80)
                .get(0);
    }

    private static Map<ObjectKey, PodMetadata> pods(String uid, Map<String, String> labels) {
        return Map.of(new ObjectKey("shop", "pod-u1"), new PodMetadata(metadata("shop", "pod-u1", uid, labels)));
    }

    private static List<Endpoint> withEntries(Service service, WorkloadEntry... entries) {
        EndpointContext around = new EndpointContext(WorkloadIdentity.DEFAULT, null, null, null, List.of(entries));
        return ServiceMapper.map(service, List.of(), around).endpoints().getOrDefault(80, List.of());
    }

    private static Service withPort(Service.Port port) {
        return service(List.of(port), List.of("IPv4"), "");
    }

    @Test
    void hasNoLabelsUnlessPodsAreRead() {
        assertThat(first(null, null, SLICE).labels()).isEmpty();
    }

    @Test
    void hasThePodsLabelsAndThoseOfItsPlace() {
        Map<String, String> labels = first(
                        pods("u1", Map.of("version", "v2")), Map.of("n1", new Locality("r1", "z1", "s1")), SLICE)
                .labels();

        assertThat(labels)
                .isEqualTo(Map.of(
                        "version", "v2",
                        "kubernetes.io/hostname", "n1",
                        "topology.kubernetes.io/region", "r1",
                        "topology.kubernetes.io/zone", "z1",
                        "topology.istio.io/subzone", "s1"));
    }

    @Test
    void doesNotTakeTheLabelsOfAnotherPodOfThatName() {
        assertThat(first(pods("u2", Map.of("version", "v2")), null, SLICE).labels())
                .doesNotContainKey("version");
    }

    @Test
    void knowsOnlyTheZoneWithoutNodes() {
        assertThat(first(null, null, SLICE).locality()).isEqualTo(new Locality("", "z1", ""));
    }

    @Test
    void standsWhereItsNodeStands() {
        Map<String, Locality> nodes = Map.of("n1", new Locality("r1", "z7", "s1"));

        assertThat(first(null, nodes, SLICE).locality()).isEqualTo(nodes.get("n1"));
    }

    @Test
    void hasAtLeastTheZoneWhileItsNodeIsNotKnownYet() {
        assertThat(first(null, Map.of(), SLICE).locality()).isEqualTo(new Locality("", "z1", ""));
    }

    @Test
    void standsNowhereWithoutANodeWhereNodesAreKnown() {
        EndpointSlice handMade = slice("db-1", List.of(HTTP), endpoint("10.0.0.1", true, true, false, "", "z1", null));

        assertThat(first(null, Map.of("n1", new Locality("r1", "z1", "")), handMade)
                        .locality())
                .isEqualTo(Locality.UNKNOWN);
        assertThat(first(null, null, handMade).locality()).isEqualTo(new Locality("", "z1", ""));
    }

    @Test
    void standsWhereItsPodStandsIfItsSliceNamesNoNode() {
        EndpointSlice handMade = slice("db-1", List.of(HTTP), endpoint("10.0.0.1", true, true, false, "", "", "u1"));
        Map<ObjectKey, Pod> places = Map.of(
                new ObjectKey("shop", "pod-u1"),
                new Pod(
                        metadata("shop", "pod-u1", "u1", Map.of("version", "v2")),
                        "Running",
                        List.of("10.0.0.1"),
                        "n1",
                        true));
        Map<String, Locality> nodes = Map.of("n1", new Locality("r1", "z1", "s1"));
        EndpointContext unlabelled = new EndpointContext(WorkloadIdentity.DEFAULT, null, places, nodes, List.of());
        EndpointContext labelled = new EndpointContext(WorkloadIdentity.DEFAULT, Map.of(), places, nodes, List.of());

        Endpoint plain = ServiceMapper.map(service(), List.of(handMade), unlabelled)
                .endpoints()
                .get(80)
                .get(0);
        assertThat(plain.locality()).isEqualTo(nodes.get("n1"));
        assertThat(plain.labels()).as("which nobody wants").isEmpty();
        assertThat(ServiceMapper.map(service(), List.of(handMade), labelled)
                        .endpoints()
                        .get(80)
                        .get(0)
                        .labels())
                .containsEntry("version", "v2")
                .containsEntry("kubernetes.io/hostname", "n1")
                .containsEntry("topology.kubernetes.io/zone", "z1");
    }

    @Test
    void learnsTheRegionFromThePodWhereNodesAreNotRead() {
        Map<String, String> labels = Map.of("topology.kubernetes.io/region", "r5", "topology.kubernetes.io/zone", "z5");

        assertThat(first(pods("u1", labels), null, SLICE).locality()).isEqualTo(new Locality("r5", "z5", ""));
    }

    @ParameterizedTest
    @CsvSource({"r9.z9.s9, r9, z9, s9", "r9/z.9, r9, z.9, ''", "r9, r9, '', ''"})
    void believesAPodsOwnWordFirst(String word, String region, String zone, String subzone) {
        Map<ObjectKey, PodMetadata> pods = pods("u1", Map.of("istio-locality", word));

        assertThat(first(pods, Map.of("n1", new Locality("r1", "z1", "s1")), SLICE)
                        .locality())
                .isEqualTo(new Locality(region, zone, subzone));
    }

    @Test
    void takesWorkloadEntriesThatTheSelectorTakes() {
        WorkloadEntry vm = workloadEntry("10.0.0.5", Map.of("http", 9999), 4, true);

        assertThat(withEntries(service(), vm))
                .containsExactly(new Endpoint(
                        "shop/db/vm-uid",
                        "10.0.0.5",
                        9999,
                        new Locality("r1", "z1", "s1"),
                        4,
                        vm.labels(),
                        Condition.READY));
    }

    @Test
    void takesTheTargetPortForAWorkloadEntryWithoutPorts() {
        WorkloadEntry plain = workloadEntry("10.0.0.5", Map.of(), 0, true);
        WorkloadEntry web = workloadEntry("10.0.0.5", Map.of("web", 7000, "http", 7001), 0, true);

        assertThat(withEntries(service(), plain))
                .extracting(Endpoint::port, Endpoint::weight)
                .containsExactly(tuple(8080, 1));
        Service named = withPort(new Service.Port("http", 80, 0, "web", "TCP", ""));
        assertThat(withEntries(named, web)).extracting(Endpoint::port).containsExactly(7000);
        assertThat(withEntries(named, plain)).isEmpty();
        assertThat(withEntries(withPort(new Service.Port("http", 80, 0, "", "TCP", "")), plain))
                .extracting(Endpoint::port)
                .containsExactly(80);
    }

    @Test
    void leavesOutWorkloadEntriesThatAreNotMeant() {
        WorkloadEntry good = workloadEntry("10.0.0.5", Map.of(), 0, true);
        WorkloadEntry elsewhere = new WorkloadEntry(
                metadata("away", "vm", "", Map.of()), "10.0.0.5", Map.of(), good.labels(), "", 0, true);
        WorkloadEntry other = new WorkloadEntry(
                metadata("shop", "vm", "", Map.of()), "10.0.0.5", Map.of(), Map.of("app", "web"), "", 0, true);
        Service selectorless = new Service(
                service().metadata(),
                "ClusterIP",
                List.of(),
                List.of(),
                service().ports(),
                Map.of(),
                "",
                "",
                "");

        assertThat(withEntries(
                        service(),
                        elsewhere,
                        other,
                        workloadEntry("10.0.0.5", Map.of(), 0, false),
                        workloadEntry("vm.example.com", Map.of(), 0, true),
                        workloadEntry("127.0.0.1", Map.of(), 0, true)))
                .isEmpty();
        assertThat(withEntries(selectorless, good)).isEmpty();
        assertThat(withEntries(service(service().ports(), List.of("IPv4"), "Local"), good))
                .isEmpty();
    }

    @Test
    void tellsWorkloadsThatASelectorTakes() {
        Pod good = pod("p1", "u1", Map.of("app", "db", "version", "v1"));
        Pod going = new Pod(
                new Metadata(
                        new ObjectKey("shop", "p2"),
                        "u2",
                        "1",
                        good.metadata().labels(),
                        Map.of(),
                        null,
                        "2026-11-23T14:42:57Z"),
                "Running",
                good.ips(),
                "n1",
                true);
        Pod done = new Pod(good.metadata(), "Succeeded", good.ips(), "n1", true);
        Pod waiting = new Pod(good.metadata(), "Pending", List.of(), "n1", true);
        Pod unready = new Pod(good.metadata(), "Running", good.ips(), "n1", false);
        Pod other = pod("p3", "u3", Map.of("app", "web"));
        WorkloadEntry vm = workloadEntry("10.0.0.5", Map.of("http", 9999), 4, true);
        WorkloadSelector selector = new WorkloadSelector("shop", Map.of("app", "db"));

        assertThat(WorkloadMapper.map(
                        selector,
                        List.of(good, going, done, waiting, unready, other),
                        Map.of("n1", new Locality("r1", "z1", "")),
                        List.of(vm, workloadEntry("10.0.0.6", Map.of(), 1, false))))
                .containsExactly(
                        new Workload(
                                "u1",
                                "10.0.0.1",
                                Map.of(),
                                new Locality("r1", "z1", ""),
                                0,
                                good.metadata().labels(),
                                Condition.READY),
                        new Workload(
                                "vm-uid",
                                "10.0.0.5",
                                Map.of("http", 9999),
                                new Locality("r1", "z1", "s1"),
                                4,
                                vm.labels(),
                                Condition.READY));
        assertThat(WorkloadMapper.map(
                        new WorkloadSelector("away", Map.of("app", "db")), List.of(good), null, List.of(vm)))
                .isEmpty();
    }
}
