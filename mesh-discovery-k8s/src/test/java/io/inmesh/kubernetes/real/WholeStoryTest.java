package io.inmesh.kubernetes.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.Locality;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.explain.Retries;
import io.inmesh.kubernetes.KubernetesConfigSource;
import io.inmesh.kubernetes.KubernetesConnection;
import io.inmesh.kubernetes.KubernetesEndpointSource;
import io.inmesh.kubernetes.KubernetesSettings;
import io.inmesh.kubernetes.KubernetesStatus;
import io.inmesh.kubernetes.real.KubernetesCluster.Part;
import io.inmesh.okhttp.MeshInterceptor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The whole story on a real control plane: bookinfo's six parts on pods' addresses, Istio's own rule files, and a caller
 * with the sample's rights that calls all the time while pods and control plane come and go. A chapter a test, in order.
 */
@Tag("kubernetes")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WholeStoryTest {
    private static final Duration RIGHT_WITHIN = Duration.ofSeconds(35);
    private static final Duration OUTAGE = Duration.parse(KubernetesCluster.property("kubernetes.outage"));
    private static final Duration ABSENCE = Duration.parse(KubernetesCluster.property("kubernetes.absence"));
    private static final Duration RIGHT_AFTER_RETURN = Duration.ofSeconds(5);
    private static final Duration BETWEEN_BOOKMARKS = Duration.ofSeconds(75);
    private static final int CALLS_PER_SECOND = 100;

    /** With a third of the pods dead and nobody to tell, two retries would sometimes find three dead ones in a row. */
    private static final String PATIENT = """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: reviews, namespace: default}
        spec:
          hosts: [reviews]
          http:
          - route: [{destination: {host: reviews, subset: v1}}]
            retries: {attempts: 8}
        """;

    private static KubernetesCluster cluster;
    private static ClusterApi api;
    private static Kubelets kubelets;
    private static KubernetesConnection connection;
    private static KubernetesEndpointSource table;
    private static Mesh mesh;
    private static OkHttpClient client;
    private static final Ledger LEDGER = new Ledger();

    private Load load;

    @BeforeAll
    static void deploy() {
        cluster = KubernetesCluster.start("story").withIstioResources();
        api = cluster.api();
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
        table = new KubernetesEndpointSource(connection);
        mesh = Mesh.builder()
                .self(self)
                .config(new KubernetesConfigSource(connection, ConfigReader.strict()))
                .endpoints(table)
                .build();
        client = new OkHttpClient.Builder()
                .addInterceptor(new MeshInterceptor(mesh))
                .connectionPool(new ConnectionPool(32, 10, TimeUnit.SECONDS))
                .callTimeout(Duration.ofSeconds(10))
                .build();
        Eventually.within(RIGHT_WITHIN, WholeStoryTest::tableIsRight);
    }

    @AfterAll
    static void tearDown() {
        mesh.close();
        connection.close();
        kubelets.close();
        cluster.close();
    }

    @BeforeEach
    void call() {
        load = Load.start(
                client,
                CALLS_PER_SECOND,
                Bookinfo.SERVICES.stream()
                        .map(service -> "http://" + service + ":" + PodServer.PORT)
                        .toList());
    }

    /** After every chapter: no GET has failed, and each POST was executed exactly once or reported as failed. */
    @AfterEach
    void nothingWasLost() {
        load.close();
        System.out.printf(
                "%d calls, %d POSTs reported as failed, %d GETs failed%n",
                load.sent(), load.failedPosts().size(), load.failedGets().size());
        assertThat(load.sent()).isGreaterThan(10);
        assertThat(load.failedGets()).isEmpty();
        assertThat(load.answeredPosts())
                .isNotEmpty()
                .allSatisfy(
                        id -> assertThat(LEDGER.executions(id)).describedAs(id).isEqualTo(1));
        load.failedPosts()
                .forEach((id, why) -> assertThat(LEDGER.executions(id))
                        .describedAs(id + ": " + why)
                        .isLessThanOrEqualTo(1));
    }

    @Test
    @Order(1)
    void rulesAreFollowed() {
        answersComeFrom("reviews-v1");

        Bookinfo.rule(cluster, "virtual-service-reviews-v2-v3.yaml");

        answersComeFrom("reviews-v2", "reviews-v3");
        Bookinfo.rule(cluster, "virtual-service-all-v1.yaml");
        answersComeFrom("reviews-v1");
    }

    @Test
    @Order(2)
    void scalingIsFollowed() {
        scale(10);

        Eventually.within(RIGHT_WITHIN, () -> {
            tableIsRight();
            assertThat(addresses("reviews")).hasSize(12);
        });
    }

    @Test
    @Order(3)
    void halfOfThePodsAreReplacedUnderLoad() {
        List<String> old = kubelets.pods(Map.of("app", "reviews", "version", "v1"));
        assertThat(old).hasSize(10);

        for (String pod : old.subList(0, 5)) {
            cluster.kubectl("delete", "pod", pod, "-n", Bookinfo.NAMESPACE, "--wait=false");
            Eventually.within(
                    RIGHT_WITHIN,
                    () -> assertThat(kubelets.pods(Map.of("app", "reviews", "version", "v1")))
                            .hasSize(10)
                            .doesNotContain(pod));
        }

        Eventually.within(RIGHT_WITHIN, WholeStoryTest::tableIsRight);
    }

    @Test
    @Order(4)
    void theApiServerIsKilledAndComesBack() {
        Map<String, List<String>> before = addresses();

        cluster.kill(Part.API_SERVER, Part.CONTROLLERS);
        Eventually.within(OUTAGE, () -> assertThat(table.status().state()).isEqualTo(KubernetesStatus.State.STALE));
        Eventually.pause(OUTAGE);

        assertThat(addresses()).isEqualTo(before);
        assertThat(table.status().tableAge()).isGreaterThanOrEqualTo(OUTAGE);
        cluster.up();
        scale(8);
        Duration took = Eventually.within(RIGHT_WITHIN, () -> {
            tableIsRight();
            assertThat(addresses("reviews")).hasSize(10);
        });
        System.out.println("the table was right " + took.toMillis() + " ms after the API server's return");
    }

    /** C1. */
    @Test
    @Order(5)
    void podsDieWhileTheApiServerIsAway() {
        cluster.apply(PATIENT);
        Eventually.within(
                RIGHT_WITHIN,
                () -> assertThat(mesh.explain("GET", "http://reviews:9080/", Map.of())
                                .retries())
                        .extracting(Retries::attempts)
                        .isEqualTo(8));
        Map<String, List<String>> before = addresses();
        assertThat(before.get("reviews")).hasSize(10);
        Map<String, Long> lists = lists();
        cluster.kill(Part.API_SERVER, Part.CONTROLLERS);
        List<String> died = kubelets.killWithoutTelling(Map.of("app", "reviews", "version", "v1"), 3);
        assertThat(died).hasSize(3);
        Eventually.pause(ABSENCE);

        assertThat(addresses()).isEqualTo(before);
        Duration age = table.status().tableAge();
        assertThat(age).isBetween(ABSENCE, ABSENCE.plus(BETWEEN_BOOKMARKS));
        cluster.up();
        long back = System.nanoTime();
        // What the controllers need to replace the pods is not ours.
        Eventually.within(
                RIGHT_WITHIN,
                () -> assertThat(Bookinfo.readyAddresses(api, "reviews"))
                        .hasSize(10)
                        .doesNotContainAnyElementsOf(died));
        long replaced = System.nanoTime();
        Eventually.within(RIGHT_AFTER_RETURN, () -> {
            tableIsRight();
            assertThat(addresses("reviews")).hasSize(10).doesNotContainAnyElementsOf(died);
        });
        System.out.printf(
                "the table was %d s old; the pods were replaced %d ms after the API server's return, and the table right %d"
                        + " ms after that%n",
                age.toSeconds(), (replaced - back) / 1_000_000, (System.nanoTime() - replaced) / 1_000_000);
        lists().forEach((watch, now) -> assertThat(now - lists.getOrDefault(watch, 0L))
                .as("lists of %s", watch)
                .isLessThanOrEqualTo(1));
    }

    @Test
    @Order(6)
    void etcdIsRestoredFromAnEarlierSnapshot() {
        cluster.stop();
        cluster.saveData();
        cluster.up();
        scale(5);
        Bookinfo.rule(cluster, "virtual-service-reviews-v3.yaml");
        Eventually.within(RIGHT_WITHIN, () -> {
            tableIsRight();
            assertThat(addresses("reviews")).hasSize(7);
        });
        answersComeFrom("reviews-v3");

        cluster.stop();
        cluster.restoreData();
        cluster.up();

        Duration took = Eventually.within(RIGHT_WITHIN, () -> {
            assertThat(addresses("reviews")).hasSize(10);
            tableIsRight();
        });
        System.out.println("the table was right " + took.toMillis() + " ms after etcd went back in time");
        answersComeFrom("reviews-v1");
    }

    private static Map<String, Long> lists() {
        return table.status().watches().stream()
                .collect(Collectors.toMap(
                        KubernetesStatus.Watch::selection,
                        watch -> watch.counts().get("lists"),
                        Math::max));
    }

    private static void scale(int replicas) {
        cluster.kubectl("scale", "deployment", "reviews-v1", "-n", Bookinfo.NAMESPACE, "--replicas=" + replicas);
    }

    /** Waits until reviews are answered by these versions, and by no other. */
    private void answersComeFrom(String... versions) {
        Eventually.within(RIGHT_WITHIN, () -> {
            load.takeByPod();
            Eventually.pause(Duration.ofSeconds(1));
            assertThat(load.takeByPod().keySet())
                    .filteredOn(pod -> pod.startsWith("reviews"))
                    .extracting(pod -> pod.substring(0, "reviews-v1".length()))
                    .containsOnly(versions);
        });
    }

    /** What the mesh knows is what the API server has, and what runs. */
    private static void tableIsRight() {
        for (String service : Bookinfo.SERVICES) {
            assertThat(addresses(service))
                    .describedAs(service)
                    .isNotEmpty()
                    .isEqualTo(Bookinfo.readyAddresses(api, service))
                    .isEqualTo(kubelets.addresses(service));
        }
    }

    private static Map<String, List<String>> addresses() {
        return Bookinfo.SERVICES.stream().collect(Collectors.toMap(service -> service, WholeStoryTest::addresses));
    }

    private static List<String> addresses(String service) {
        return mesh.services().stream()
                .filter(one -> one.service().host().equals(Bookinfo.host(service)))
                .map(ServiceEndpoints::endpoints)
                .flatMap(ports -> ports.getOrDefault(PodServer.PORT, List.of()).stream())
                .filter(endpoint -> endpoint.condition() == Condition.READY)
                .map(Endpoint::address)
                .sorted()
                .toList();
    }
}
