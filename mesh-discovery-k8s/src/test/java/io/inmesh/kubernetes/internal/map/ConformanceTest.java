package io.inmesh.kubernetes.internal.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.kubernetes.internal.map.RecordedStep.RecordedCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.slf4j.LoggerFactory;

/**
 * Replays what a real istiod told a sidecar of Kubernetes objects: same clusters, ports, protocols, endpoints, localities,
 * weights and health. Where InMesh is to be better (docs/differences.md), the better answer is asserted by name below.
 */
class ConformanceTest {
    private static final Path RECORDED = Path.of("src/test/resources/conformance-kubernetes");
    private static final List<RecordedStep> STEPS = RecordedStep.all(RECORDED);

    /** Cases that are not part of the project, where there are any: beside the checkout or named by a property. */
    private static final Path MORE =
            Path.of(System.getProperty("inmesh.conformance.kubernetes", "../../shared/data/conformance-kubernetes"));

    @Test
    void theRecordedStepsAreThere() {
        assertThat(STEPS).hasSize(48);
        assertThat(STEPS)
                .allSatisfy(step -> assertThat(step.services().isEmpty()
                                && step.serviceEntries().isEmpty()
                                && !step.expected().isEmpty())
                        .isFalse());
    }

    @TestFactory
    Stream<DynamicTest> slicesMakeTheClustersOfIstio() {
        return STEPS.stream().map(step -> DynamicTest.dynamicTest(step.name(), () -> compare(step, true)));
    }

    /** v1 Endpoints exist for Services with selector only, written by the same controller as the slices. */
    @TestFactory
    Stream<DynamicTest> endpointsMakeTheClustersOfIstio() {
        return STEPS.stream()
                .filter(step -> step.services().stream()
                        .noneMatch(service -> service.selector().isEmpty()))
                .map(step -> DynamicTest.dynamicTest(step.name(), () -> compare(step, false)));
    }

    @TestFactory
    Stream<DynamicTest> furtherCasesMakeTheClustersOfIstio() {
        if (!Files.isDirectory(MORE)) {
            LoggerFactory.getLogger(ConformanceTest.class)
                    .info("Left out: further recorded Kubernetes cases, for lack of {}", MORE);
            return Stream.empty();
        }
        return RecordedStep.all(MORE).stream()
                .map(step -> DynamicTest.dynamicTest(step.name(), () -> compare(step, true)));
    }

    @Test
    void onlyTheNamedCasesAreComparedWithAllowances() {
        assertThat(STEPS.stream().filter(step -> !Allowances.of(step).isEmpty()).map(RecordedStep::name))
                .containsExactlyInAnyOrder(
                        "duplicates/step-1", "headless/step-1", "headless/step-2", "ip-reused/step-2");
    }

    @Test
    void anAddressThatIsReadyInOneSliceIsReady() {
        assertThat(endpoints("duplicates/step-1"))
                .extracting(Endpoint::address, Endpoint::condition)
                .containsExactlyInAnyOrder(
                        tuple("10.244.7.1", Condition.READY),
                        tuple("10.244.7.2", Condition.READY),
                        tuple("10.244.7.3", Condition.READY));
    }

    @Test
    void aReusedAddressBelongsToTheReadyPodAndIsANewHost() {
        Endpoint before = endpoints("ip-reused/step-1").get(0);
        List<Endpoint> after = endpoints("ip-reused/step-2");

        assertThat(after).hasSize(1);
        assertThat(after.get(0).address()).isEqualTo(before.address());
        assertThat(after.get(0).condition()).isEqualTo(Condition.READY);
        assertThat(after.get(0).locality()).isEqualTo(ClusterTable.NODES.get("node-b"));
        assertThat(after.get(0).id()).isNotEqualTo(before.id());
        assertThat(before.id()).contains("cc950a62-89ee-409e-a394-1e497299df6b");
    }

    @Test
    void whatTerminatesAndServesIsThereForWhenNothingElseIs() {
        assertThat(endpoints("terminating/step-3"))
                .extracting(Endpoint::address, Endpoint::condition)
                .containsExactlyInAnyOrder(
                        tuple("10.244.1.1", Condition.TERMINATING), tuple("10.244.1.2", Condition.TERMINATING));
        assertThat(endpoints("terminating/step-4"))
                .extracting(Endpoint::address, Endpoint::condition)
                .containsExactly(tuple("10.244.1.2", Condition.TERMINATING));
    }

    @Test
    void aHeadlessServiceIsBalancedOverWhatIsReady() {
        assertThat(endpoints("headless/step-1"))
                .extracting(Endpoint::hostPort)
                .containsExactlyInAnyOrder("10.244.1.1:8080", "10.244.1.2:8080", "10.244.1.3:8080");
        assertThat(endpoints("headless/step-2"))
                .filteredOn(endpoint -> endpoint.condition() == Condition.READY)
                .extracting(Endpoint::hostPort)
                .containsExactlyInAnyOrder("10.244.1.1:8080", "10.244.1.3:8080");
    }

    private static List<Endpoint> endpoints(String name) {
        RecordedStep step = STEPS.stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
        return ClusterTable.recorded(step, true)
                .endpoints(step.services().get(0))
                .endpoints()
                .getOrDefault(80, List.of());
    }

    private static void compare(RecordedStep step, boolean fromSlices) {
        Allowances allowances = Allowances.of(step);
        Map<String, RecordedCluster> ours =
                ClusterTable.of(step, step.services(), ClusterTable.recorded(step, fromSlices));

        assertThat(allowances.applyTo(ours)).isEqualTo(allowances.applyTo(step.expected()));
    }
}
