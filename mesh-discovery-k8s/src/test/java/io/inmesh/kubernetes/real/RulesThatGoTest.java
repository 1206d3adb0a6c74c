package io.inmesh.kubernetes.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.endpoint.Locality;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.kubernetes.KubernetesConfigSource;
import io.inmesh.kubernetes.KubernetesConnection;
import io.inmesh.kubernetes.KubernetesEndpointSource;
import io.inmesh.kubernetes.KubernetesSettings;
import io.inmesh.okhttp.MeshInterceptor;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * {@code kubectl delete} of the rules of services that are called, and {@code kubectl apply} of the same, on a real control
 * plane under load: no call passes the mesh by.
 */
@Tag("kubernetes")
class RulesThatGoTest {
    private static final Duration RIGHT_WITHIN = Duration.ofSeconds(35);
    private static final Duration STEADY = Duration.ofSeconds(1);
    private static final int CALLS_PER_SECOND = 100;
    private static final int ROUNDS = 5;

    private static final Ledger LEDGER = new Ledger();

    /** Hosts of calls that passed by: the mesh hands addresses of endpoints to the client, and asks no DNS. */
    private static final Set<String> PASSED_BY = ConcurrentHashMap.newKeySet();

    private static KubernetesCluster cluster;
    private static Kubelets kubelets;
    private static KubernetesConnection connection;
    private static Mesh mesh;
    private static OkHttpClient client;

    @BeforeAll
    static void deploy() {
        cluster = KubernetesCluster.start("rules-that-go").withIstioResources();
        ClusterApi api = cluster.api();
        Kubelets.createNodes(api);
        Bookinfo.deploy(cluster, "bookinfo.yaml", "rbac-namespace.yaml");
        Bookinfo.rule(cluster, "destination-rule-all.yaml");
        Bookinfo.rule(cluster, "virtual-service-all-v1.yaml");
        kubelets = new Kubelets(api, Bookinfo.NAMESPACE, LEDGER);
        WorkloadIdentity self = new WorkloadIdentity(
                Bookinfo.NAMESPACE, Map.of("app", "productpage"), Locality.UNKNOWN, "node-a", "cluster.local");
        connection = KubernetesConnection.of(KubernetesSettings.builder()
                .kubeconfig(cluster.kubeconfig(Bookinfo.NAMESPACE, "bookinfo-productpage"))
                .self(self)
                .build());
        mesh = Mesh.builder()
                .self(self)
                .config(new KubernetesConfigSource(connection, ConfigReader.strict()))
                .endpoints(new KubernetesEndpointSource(connection))
                .build();
        client = new OkHttpClient.Builder()
                .addInterceptor(new MeshInterceptor(mesh))
                .dns(host -> {
                    PASSED_BY.add(host);
                    throw new UnknownHostException(host + " was called past the mesh");
                })
                .callTimeout(Duration.ofSeconds(10))
                .build();
        Eventually.within(
                RIGHT_WITHIN,
                () -> assertThat(kubelets.addresses("reviews"))
                        .hasSize(3)
                        .isEqualTo(Bookinfo.readyAddresses(api, "reviews")));
    }

    @AfterAll
    static void tearDown() {
        mesh.close();
        connection.close();
        kubelets.close();
        cluster.close();
    }

    @Test
    void noCallSeesTheRulesGoOrCome() {
        Load load = Load.start(client, CALLS_PER_SECOND, List.of("http://reviews:9080", "http://details:9080"));
        try (load) {
            for (int round = 0; round < ROUNDS; round++) {
                reviewsAreAnsweredBy(load, Set.of("v1"));
                delete("virtualservice");
                reviewsAreAnsweredBy(load, Set.of("v1", "v2", "v3"));
                delete("destinationrule");
                noRouteIsOfARule();
                reviewsAreAnsweredBy(load, Set.of("v1", "v2", "v3"));
                Bookinfo.rule(cluster, "destination-rule-all.yaml");
                Bookinfo.rule(cluster, "virtual-service-all-v1.yaml");
            }
            reviewsAreAnsweredBy(load, Set.of("v1"));
            // Both at once, as by hand.
            cluster.kubectl("delete", "virtualservice,destinationrule", "--all", "-n", Bookinfo.NAMESPACE);
            noRouteIsOfARule();
            reviewsAreAnsweredBy(load, Set.of("v1", "v2", "v3"));
        }

        System.out.printf(
                "%d calls, %d GETs failed, %d POSTs failed%n",
                load.sent(), load.failedGets().size(), load.failedPosts().size());
        assertThat(PASSED_BY).isEmpty();
        assertThat(load.failedGets()).isEmpty();
        assertThat(load.failedPosts()).isEmpty();
        assertThat(load.sent()).isGreaterThan(ROUNDS * CALLS_PER_SECOND);
    }

    private static void delete(String kind) {
        cluster.kubectl("delete", kind, "--all", "-n", Bookinfo.NAMESPACE);
    }

    private static void noRouteIsOfARule() {
        Eventually.within(
                RIGHT_WITHIN,
                () -> assertThat(mesh.routes().values().stream()
                                .flatMap(List::stream)
                                .filter(route -> route.contains("(default/")))
                        .isEmpty());
    }

    /** Waits until calls of reviews are answered by all these versions within a second, and by no other. */
    private static void reviewsAreAnsweredBy(Load load, Set<String> versions) {
        Eventually.within(RIGHT_WITHIN, () -> {
            load.takeByPod();
            Eventually.pause(STEADY);
            assertThat(load.takeByPod().keySet())
                    .filteredOn(pod -> pod.startsWith("reviews"))
                    .extracting(pod -> pod.substring("reviews-".length(), "reviews-v1".length()))
                    .containsOnly(versions.toArray(String[]::new));
        });
    }
}
