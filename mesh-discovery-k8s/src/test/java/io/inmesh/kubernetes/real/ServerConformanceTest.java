package io.inmesh.kubernetes.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.Workload;
import io.inmesh.endpoint.WorkloadSelector;
import io.inmesh.kubernetes.KubernetesConnection;
import io.inmesh.kubernetes.KubernetesEndpointSource;
import io.inmesh.kubernetes.KubernetesSettings;
import io.inmesh.kubernetes.internal.map.Allowances;
import io.inmesh.kubernetes.internal.map.ClusterTable;
import io.inmesh.kubernetes.internal.map.RecordedStep;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import io.inmesh.kubernetes.internal.resource.Service;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * The recorded cases on a real server: its controllers make slices of Pods and Services, the source watches them, and its
 * table has to become what istiod told a sidecar.
 */
@Tag("kubernetes")
class ServerConformanceTest {
    private static final Path CASES = Path.of("src/test/resources/conformance-kubernetes");
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration STEADY = Duration.ofMillis(300);

    private static ClusterApi api;
    private static KubernetesConnection connection;
    private static Live live;

    @BeforeAll
    static void connect() {
        KubernetesCluster cluster = KubernetesCluster.shared();
        api = cluster.api();
        Kubelets.createNodes(api);
        connection = KubernetesConnection.of(KubernetesSettings.builder()
                .kubeconfig(cluster.kubeconfig())
                .self(ClusterTable.CLIENT)
                .nodes(true)
                .build());
        live = new Live(new KubernetesEndpointSource(connection));
    }

    @AfterAll
    static void disconnect() {
        live.source.close();
        connection.close();
    }

    @TestFactory
    Stream<DynamicTest> theTableBecomesWhatIstiodTold() {
        Map<String, List<RecordedStep>> cases = RecordedStep.all(CASES).stream()
                .collect(Collectors.groupingBy(
                        step -> step.name().substring(0, step.name().indexOf('/')),
                        LinkedHashMap::new,
                        Collectors.toList()));
        assertThat(cases).hasSize(25);
        return cases.entrySet().stream()
                .map(one -> DynamicTest.dynamicTest(one.getKey(), () -> play(one.getKey(), one.getValue())));
    }

    private static void play(String namespace, List<RecordedStep> steps) {
        api.apply(Map.of("apiVersion", "v1", "kind", "Namespace", "metadata", Map.of("name", namespace)), namespace);
        StepFile file = new StepFile(api, namespace);
        Map<ObjectKey, Service> services = new LinkedHashMap<>();
        for (RecordedStep step : steps) {
            file.apply(CASES.resolve(step.name() + ".yaml"));
            step.services().forEach(service -> services.put(service.key(), service));
            Eventually.within(LIMIT, () -> compare(step, services));
            Eventually.pause(STEADY);
            compare(step, services);
        }
    }

    /** Compares all services that the case has had, those that are gone included. */
    private static void compare(RecordedStep step, Map<ObjectKey, Service> services) {
        Allowances allowances = Allowances.of(step);

        assertThat(allowances.applyTo(ClusterTable.of(step, new ArrayList<>(services.values()), live)))
                .describedAs(step.name())
                .isEqualTo(allowances.applyTo(step.expected()));
    }

    /** What a source tells now; asked for a service or a selector, it watches from then on. */
    private static final class Live implements ClusterTable.Discovery {
        private final KubernetesEndpointSource source;
        private final Map<ServiceName, ServiceEndpoints> services = new ConcurrentHashMap<>();
        private final Map<WorkloadSelector, List<Workload>> workloads = new ConcurrentHashMap<>();

        Live(KubernetesEndpointSource source) {
            this.source = source;
        }

        @Override
        public ServiceEndpoints endpoints(Service service) {
            ServiceName name =
                    new ServiceName(service.key().name() + "." + service.key().namespace() + ".svc.cluster.local");
            if (services.putIfAbsent(name, ServiceEndpoints.absent(name)) == null) {
                source.watchWithLabels(name, update -> services.put(name, update));
            }
            return services.get(name);
        }

        @Override
        public List<Workload> workloads(WorkloadSelector selector) {
            if (workloads.putIfAbsent(selector, List.of()) == null) {
                source.watchWorkloads(selector, update -> workloads.put(selector, update));
            }
            return workloads.get(selector);
        }
    }
}
