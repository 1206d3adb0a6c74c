package io.inmesh.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.endpoint.Locality;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.kubernetes.KubernetesIdentity.Builder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubernetesIdentityTest {

    @TempDir
    Path root;

    @Test
    void withoutAnyHintItIsTheDefault() {
        KubernetesIdentity identity = look(Map.of()).read();

        assertThat(identity.workload()).isEqualTo(WorkloadIdentity.DEFAULT);
        assertThat(identity.problems()).isEmpty();
        assertThat(identity.summary())
                .isEqualTo("namespace default (assumed), labels unknown, node unknown, region unknown, zone unknown,"
                        + " cluster domain cluster.local (assumed)");
    }

    @Test
    void readsWhatAPodIsGiven() throws IOException {
        podInfo("""
                app="reviews"
                app.kubernetes.io/part-of="book_info.1"
                empty=""
                topology.kubernetes.io/region="europe-west1"
                topology.kubernetes.io/zone="europe-west1-b"
                """);
        write("var/run/secrets/kubernetes.io/serviceaccount/namespace", "shop");
        write("etc/resolv.conf", "nameserver 10.96.0.10\nsearch shop.svc.corp.example svc.corp.example corp.example\n");

        KubernetesIdentity identity = look(Map.of("NODE_NAME", "node-7")).read();

        assertThat(identity.workload())
                .isEqualTo(new WorkloadIdentity(
                        "shop",
                        Map.of(
                                "app", "reviews",
                                "app.kubernetes.io/part-of", "book_info.1",
                                "empty", "",
                                "topology.kubernetes.io/region", "europe-west1",
                                "topology.kubernetes.io/zone", "europe-west1-b"),
                        new Locality("europe-west1", "europe-west1-b", ""),
                        "node-7",
                        "corp.example"));
        assertThat(identity.problems()).isEmpty();
        assertThat(identity.summary())
                .contains("namespace shop (/var/run/secrets/kubernetes.io/serviceaccount/namespace)")
                .contains("labels [app, app.kubernetes.io/part-of, empty,")
                .contains("node node-7 (NODE_NAME)")
                .contains("zone europe-west1-b (label topology.kubernetes.io/zone)")
                .contains("cluster domain corp.example (/etc/resolv.conf)");
    }

    @Test
    void variablesCountMoreThanFiles() throws IOException {
        podInfo("app=\"reviews\"\nversion=\"v1\"\ntopology.kubernetes.io/zone=\"a\"\n");
        write("var/run/secrets/kubernetes.io/serviceaccount/namespace", "shop");
        write("etc/resolv.conf", "search shop.svc.corp.example svc.corp.example corp.example\n");

        WorkloadIdentity self = look(Map.of(
                        "POD_NAMESPACE", "other",
                        "POD_LABELS", "version=v2, tier=back",
                        "NODE_ZONE", "b",
                        "NODE_REGION", "europe",
                        "KUBERNETES_CLUSTER_DOMAIN", "variable.example"))
                .read()
                .workload();

        assertThat(self.namespace()).isEqualTo("other");
        assertThat(self.labels()).containsEntry("app", "reviews").containsEntry("version", "v2");
        assertThat(self.labels()).containsEntry("tier", "back");
        assertThat(self.locality()).isEqualTo(new Locality("europe", "b", ""));
        assertThat(self.clusterDomain()).isEqualTo("variable.example");
    }

    @Test
    void settingsCountMost() throws IOException {
        podInfo("app=\"reviews\"\nversion=\"v1\"\n");

        KubernetesIdentity identity = look(Map.of(
                        "POD_NAMESPACE", "other",
                        "POD_LABELS", "version=v2",
                        "NODE_NAME", "node-7",
                        "NODE_ZONE", "b",
                        "KUBERNETES_CLUSTER_DOMAIN", "variable.example"))
                .namespace("mine")
                .labels(Map.of("version", "v3"))
                .locality(Locality.parse("asia/c/d"))
                .node("node-1")
                .clusterDomain("mine.example")
                .read();

        assertThat(identity.workload())
                .isEqualTo(new WorkloadIdentity(
                        "mine",
                        Map.of("app", "reviews", "version", "v3"),
                        new Locality("asia", "c", "d"),
                        "node-1",
                        "mine.example"));
        assertThat(identity.summary()).contains("namespace mine (settings)", "locality asia/c/d (settings)");
    }

    @ParameterizedTest
    @CsvSource({"europe.west.rack1, europe, west, rack1", "europe.west, europe, west, ''", "europe, europe, '', ''"})
    void istiosLabelIsTheWholeLocality(String label, String region, String zone, String subzone) throws IOException {
        podInfo("istio-locality=\"" + label + "\"\ntopology.kubernetes.io/zone=\"elsewhere\"\n"
                + "topology.istio.io/subzone=\"elsewhere\"\n");

        assertThat(look(Map.of()).read().workload().locality()).isEqualTo(new Locality(region, zone, subzone));
    }

    @Test
    void aBadLineIsNamedAndTheOthersCount() throws IOException {
        Path file = podInfo("app=\"reviews\"\nversion=v1\n\nquoted=\"a\\\"b\"\ntier=\"back\"");

        KubernetesIdentity identity = look(Map.of()).read();

        assertThat(identity.workload().labels()).containsOnlyKeys("app", "tier");
        assertThat(identity.problems())
                .containsExactly(
                        file + ":2: \"version=v1\" is not key=\"value\" of a label; it is left out",
                        file + ":4: \"quoted=\"a\\\"b\"\" is not key=\"value\" of a label; it is left out");
    }

    @Test
    void aFileThatCannotBeReadIsNamed() throws IOException {
        Path file = root.resolve("etc/podinfo/labels");
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[] {'a', '=', '"', (byte) 0xff, '"'});

        KubernetesIdentity identity = look(Map.of()).read();

        assertThat(identity.workload()).isEqualTo(WorkloadIdentity.DEFAULT);
        assertThat(identity.problems()).singleElement().asString().startsWith(file + ": cannot be read");
    }

    @Test
    void variablesThatMakeNoSenseAreNamedAndTheNextSourceCounts() throws IOException {
        write("var/run/secrets/kubernetes.io/serviceaccount/namespace", "shop\n");

        KubernetesIdentity identity = look(Map.of(
                        "POD_NAMESPACE", "Not A Name",
                        "POD_LABELS", "app=reviews,version=$(VERSION),",
                        "NODE_NAME", " ",
                        "KUBERNETES_CLUSTER_DOMAIN", "cluster..local"))
                .read();

        assertThat(identity.workload().namespace()).isEqualTo("shop");
        assertThat(identity.workload().labels()).isEqualTo(Map.of("app", "reviews"));
        assertThat(identity.workload().node()).isEmpty();
        assertThat(identity.workload().clusterDomain()).isEqualTo("cluster.local");
        assertThat(identity.problems())
                .hasSize(3)
                .anySatisfy(problem -> assertThat(problem).startsWith("POD_NAMESPACE: \"Not A Name\""))
                .anySatisfy(problem -> assertThat(problem).startsWith("variable POD_LABELS: \"version=$(VERSION)\""))
                .anySatisfy(problem -> assertThat(problem).startsWith("KUBERNETES_CLUSTER_DOMAIN: \"cluster..local\""));
    }

    @Test
    void podInformationMayBeMountedElsewhere() throws IOException {
        write("mnt/pod/labels", "app=\"reviews\"\n");

        assertThat(look(Map.of()).podInfo(Path.of("/mnt/pod")).read().workload().labels())
                .isEqualTo(Map.of("app", "reviews"));
    }

    @Test
    void aLaptopsResolvConfTellsNothing() throws IOException {
        write("etc/resolv.conf", "search corp.example svc-team.example\noptions ndots:5\nsearch\n");

        assertThat(look(Map.of()).read().workload().clusterDomain()).isEqualTo("cluster.local");
    }

    private Builder look(Map<String, String> variables) {
        return KubernetesIdentity.builder().variables(variables::get).root(root);
    }

    private Path podInfo(String text) throws IOException {
        return write("etc/podinfo/labels", text);
    }

    private Path write(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }
}
