package io.inmesh.kubernetes.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.Locality;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.kubernetes.KubernetesConnection;
import io.inmesh.kubernetes.KubernetesEndpointSource;
import io.inmesh.kubernetes.KubernetesSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A slice written by hand that names a pod and not its node: the endpoint stands where the pod does. */
@Tag("kubernetes")
class HandMadeSliceTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** Without Nodes, region and zone are those that the API server has copied to the pod. */
    @ParameterizedTest
    @CsvSource({"true, r1/z1/s1", "false, r1/z1"})
    void theEndpointStandsWhereItsPodDoes(boolean nodes, String locality) {
        KubernetesCluster cluster = KubernetesCluster.shared();
        ClusterApi api = cluster.api();
        Kubelets.createNodes(api);
        String namespace = "hand-made-" + nodes;
        api.apply(Map.of("apiVersion", "v1", "kind", "Namespace", "metadata", Map.of("name", namespace)), namespace);
        writeServiceAndSlice(api, namespace);
        WorkloadIdentity self = WorkloadIdentity.DEFAULT.with(namespace, Map.of());
        AtomicReference<ServiceEndpoints> told = new AtomicReference<>();

        try (KubernetesConnection connection = KubernetesConnection.of(KubernetesSettings.builder()
                        .kubeconfig(cluster.kubeconfig())
                        .self(self)
                        .nodes(nodes)
                        .build());
                KubernetesEndpointSource source = new KubernetesEndpointSource(connection)) {
            AutoCloseable unused =
                    source.watchWithLabels(new ServiceName("web." + namespace + ".svc.cluster.local"), told::set);

            Eventually.within(LIMIT, () -> {
                assertThat(told.get()).isNotNull();
                List<Endpoint> endpoints = told.get().endpoints().getOrDefault(80, List.of());
                assertThat(endpoints).extracting(Endpoint::locality).containsExactly(Locality.parse(locality));
            });
        }
    }

    private static void writeServiceAndSlice(ClusterApi api, String namespace) {
        Map<String, ?> pod = Map.of(
                "apiVersion",
                "v1",
                "kind",
                "Pod",
                "metadata",
                Map.of("name", "web-1", "labels", Map.of("version", "v7")),
                "spec",
                Map.of("nodeName", "node-a", "containers", List.of(Map.of("name", "c", "image", "x"))));
        String uid =
                api.apply(pod, namespace).getAsJsonObject("metadata").get("uid").getAsString();
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
                namespace);
        Map<String, ?> target = Map.of("kind", "Pod", "name", "web-1", "namespace", namespace, "uid", uid);
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
                        List.of(Map.of("addresses", List.of("10.244.7.1"), "targetRef", target))),
                namespace);
    }
}
