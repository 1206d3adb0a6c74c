package io.inmesh.kubernetes.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import io.inmesh.config.ConfigUpdate;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.Locality;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.Workload;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.endpoint.WorkloadSelector;
import io.inmesh.kubernetes.KubernetesConfigSource;
import io.inmesh.kubernetes.KubernetesConnection;
import io.inmesh.kubernetes.KubernetesEndpointSource;
import io.inmesh.kubernetes.KubernetesSettings;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.VirtualService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The rights that the sample's manifests give, held against a real API server with real service account tokens: with all
 * of them everything is read, and with one less the status names the one that is missing.
 */
@Tag("kubernetes")
class RightsTest {
    private static final KubernetesCluster CLUSTER = KubernetesCluster.shared();
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final List<String> RESOURCES = List.of(
            "services",
            "endpointslices",
            "pods",
            "virtualservices",
            "destinationrules",
            "serviceentries",
            "workloadentries");
    private static final String ROLE = "rbac-namespace.yaml";
    private static final String CLUSTER_ROLE = "rbac-cluster.yaml";

    private static Kubelets kubelets;

    @BeforeAll
    static void deploy() {
        ClusterApi api = CLUSTER.api();
        Kubelets.createNodes(api);
        Bookinfo.deploy(CLUSTER, "bookinfo.yaml");
        Bookinfo.rule(CLUSTER, "destination-rule-all.yaml");
        Bookinfo.rule(CLUSTER, "virtual-service-all-v1.yaml");
        api.apply(
                Map.of(
                        "apiVersion",
                        "networking.istio.io/v1",
                        "kind",
                        "WorkloadEntry",
                        "metadata",
                        Map.of("name", "old-machine"),
                        "spec",
                        Map.of("address", "10.244.200.1", "labels", Map.of("on", "machine"))),
                Bookinfo.NAMESPACE);
        kubelets = new Kubelets(api, Bookinfo.NAMESPACE, new Ledger());
    }

    @AfterAll
    static void stop() {
        kubelets.close();
    }

    @Test
    void theRoleIsEnoughForTheOwnNamespace() {
        Account account = Account.create("by-role").granted(ROLE);

        try (Reader reader = new Reader(account, settings -> settings)) {
            Eventually.within(LIMIT, reader::hasReadEverything);
            assertThat(reader.endpoints())
                    .extracting(Endpoint::locality)
                    .allMatch(it -> it.subzone().isEmpty());
            assertThat(reader.status()).doesNotContain("nodes");
        }
    }

    @Test
    void theClusterRoleIsEnoughForAllNamespaces() {
        Account account = Account.create("by-cluster-role").granted(CLUSTER_ROLE);

        try (Reader reader = new Reader(account, settings -> settings)) {
            Eventually.within(LIMIT, reader::hasReadEverything);
            assertThat(reader.status()).doesNotContain("cannot");
        }
    }

    @Test
    void nodesAreReadOnlyWhenAskedFor() {
        Account account = Account.create("by-nodes").granted(CLUSTER_ROLE).granted("rbac-nodes.yaml");

        try (Reader reader = new Reader(account, settings -> settings.nodes(true))) {
            Eventually.within(LIMIT, () -> {
                reader.hasReadEverything();
                // The subzone is on Nodes only; API servers copy the rest to pods.
                assertThat(reader.endpoints())
                        .extracting(endpoint -> endpoint.locality().toString())
                        .containsExactlyInAnyOrder("r1/z1/s1", "r1/z2", "r2/z1");
            });
        }
    }

    @Test
    void withoutTheRightToNodesZonesAreLeftAndTheStatusNamesIt() {
        Account account = Account.create("no-nodes").granted(CLUSTER_ROLE);

        try (Reader reader = new Reader(account, settings -> settings.nodes(true))) {
            Eventually.within(LIMIT, () -> {
                reader.hasReadEverything();
                assertThat(reader.endpoints())
                        .extracting(Endpoint::locality)
                        .allMatch(it -> it.zone().startsWith("z"));
                assertThat(reader.status()).contains("cannot list resource \"nodes\"");
            });
        }
    }

    @TestFactory
    Stream<DynamicTest> aMissingRightIsNamed() {
        List<Right> rights = RESOURCES.stream()
                .flatMap(resource -> Stream.of(new Right("list", resource), new Right("watch", resource)))
                .toList();
        // All at once: each waits for a watch to come to its end.
        Map<Right, Reader> readers = new LinkedHashMap<>();
        rights.forEach(right -> readers.put(right, without(right)));
        return rights.stream()
                .map(right -> DynamicTest.dynamicTest(
                        right.verb() + " " + right.resource(), () -> isNamed(right, readers.get(right))))
                .onClose(() -> readers.values().forEach(Reader::close));
    }

    private static Reader without(Right right) {
        Account account = Account.create("no-" + right.verb() + "-" + right.resource());
        account.grantedAllBut(ROLE, right);
        return new Reader(
                account,
                settings -> settings.namespaces(List.of(Bookinfo.NAMESPACE))
                        .watchTimeout(Duration.ofSeconds(2))
                        .safetyRelist(Duration.ofSeconds(1)));
    }

    private static void isNamed(Right right, Reader reader) {
        Eventually.within(
                LIMIT,
                () -> assertThat(reader.status())
                        .contains("cannot " + right.verb() + " resource \"" + right.resource() + "\""));
        if (right.verb().equals("list")) {
            // A server with WatchLists tells everything to whom may only watch; lists are for comparing then.
            Eventually.within(LIMIT, reader::hasReadEverything);
        }
    }

    /** One right, such as to list Pods. */
    private record Right(String verb, String resource) {}

    /** A service account and what it may. */
    private record Account(String name) {
        static Account create(String name) {
            CLUSTER.kubectl("create", "serviceaccount", name, "-n", Bookinfo.NAMESPACE);
            return new Account(name);
        }

        /** Gives the account the rights of the sample's file. */
        Account granted(String file) {
            return grantedAllBut(file, new Right("", ""));
        }

        /** The same without one of them. */
        Account grantedAllBut(String file, Right missing) {
            List<Map<String, Object>> objects = new ArrayList<>();
            for (Object document :
                    new Load(LoadSettings.builder().build()).loadAllFromString(Bookinfo.manifest(file))) {
                Map<String, Object> object = StepFile.map(document);
                String binding = name + "-" + file.replace(".yaml", "");
                object.put("metadata", Map.of("name", binding, "namespace", Bookinfo.NAMESPACE));
                object.computeIfPresent("roleRef", (key, role) -> named(role, binding));
                object.computeIfPresent(
                        "subjects", (key, subjects) -> List.of(named(((List<?>) subjects).get(0), name)));
                object.computeIfPresent("rules", (key, rules) -> rules((List<?>) rules, missing));
                objects.add(object);
            }
            CLUSTER.apply(new Gson().toJson(Map.of("apiVersion", "v1", "kind", "List", "items", objects)));
            return this;
        }

        private static Map<String, Object> named(Object reference, String newName) {
            Map<String, Object> named = StepFile.map(reference);
            named.put("name", newName);
            return named;
        }

        /** A rule for each right. */
        private static List<Map<String, Object>> rules(List<?> rules, Right missing) {
            List<Map<String, Object>> single = new ArrayList<>();
            for (Object rule : rules) {
                Map<?, ?> rights = (Map<?, ?>) rule;
                for (Object resource : (List<?>) rights.get("resources")) {
                    for (Object verb : (List<?>) rights.get("verbs")) {
                        if (!missing.equals(new Right(verb.toString(), resource.toString()))) {
                            single.add(Map.of(
                                    "apiGroups", rights.get("apiGroups"),
                                    "resources", List.of(resource),
                                    "verbs", List.of(verb)));
                        }
                    }
                }
            }
            return single;
        }
    }

    /** Both sources with an account's rights. */
    private static final class Reader implements AutoCloseable {
        private final KubernetesConnection connection;
        private final KubernetesEndpointSource table;
        private final KubernetesConfigSource rules;
        private volatile ServiceEndpoints reviews = ServiceEndpoints.absent(new ServiceName("none"));
        private volatile List<Workload> workloads = List.of();
        private volatile List<String> known = List.of();

        Reader(Account account, UnaryOperator<KubernetesSettings.Builder> change) {
            KubernetesSettings settings = change.apply(KubernetesSettings.builder()
                            .kubeconfig(CLUSTER.kubeconfig(Bookinfo.NAMESPACE, account.name()))
                            .self(new WorkloadIdentity(
                                    Bookinfo.NAMESPACE, Map.of(), Locality.UNKNOWN, "", "cluster.local")))
                    .build();
            connection = KubernetesConnection.of(settings);
            table = new KubernetesEndpointSource(connection);
            rules = new KubernetesConfigSource(connection, ConfigReader.strict());
            table.watchWithLabels(new ServiceName(Bookinfo.host("reviews")), told -> reviews = told);
            table.watchWorkloads(
                    new WorkloadSelector(Bookinfo.NAMESPACE, Map.of("on", "machine")), told -> workloads = told);
            rules.watch(told -> known = names(told));
        }

        List<Endpoint> endpoints() {
            return reviews.endpoints().getOrDefault(PodServer.PORT, List.of());
        }

        String status() {
            return table.status() + " " + rules.status();
        }

        /** Names of the own namespace's rules, virtual services first: other tests have rules in the same cluster. */
        private static List<String> names(ConfigUpdate update) {
            MeshConfig config = update instanceof ConfigUpdate.Valid valid
                    ? valid.config()
                    : ((ConfigUpdate.Partial) update).config();
            return Stream.concat(
                            config.virtualServices().stream().map(VirtualService::meta),
                            config.destinationRules().stream().map(DestinationRule::meta))
                    .filter(meta -> meta.namespace().equals(Bookinfo.NAMESPACE))
                    .map(ObjectMeta::name)
                    .toList();
        }

        void hasReadEverything() {
            assertThat(endpoints()).hasSize(3);
            assertThat(endpoints().stream().map(it -> it.labels().get("version")))
                    .containsExactlyInAnyOrder("v1", "v2", "v3");
            assertThat(workloads).extracting(Workload::address).containsExactly("10.244.200.1");
            assertThat(known)
                    .containsExactlyInAnyOrder(
                            "details",
                            "productpage",
                            "ratings",
                            "reviews",
                            "details",
                            "productpage",
                            "ratings",
                            "reviews");
        }

        @Override
        public void close() {
            rules.close();
            table.close();
            connection.close();
        }
    }
}
