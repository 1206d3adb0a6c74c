package io.inmesh.kubernetes.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The sample's manifests on a real API server with real controllers. */
@Tag("kubernetes")
class ManifestsTest {
    private static final KubernetesCluster CLUSTER = KubernetesCluster.shared();

    private static ClusterApi api;
    private static Kubelets kubelets;

    @BeforeAll
    static void deploy() {
        api = CLUSTER.api();
        Kubelets.createNodes(api);
        Bookinfo.deploy(CLUSTER, "bookinfo.yaml", "rbac-namespace.yaml", "rbac-cluster.yaml", "rbac-nodes.yaml");
        kubelets = new Kubelets(api, Bookinfo.NAMESPACE, new Ledger());
    }

    @AfterAll
    static void stop() {
        kubelets.close();
    }

    @Test
    void everyServiceHasTheReadyAddressesOfItsPods() {
        for (String service : Bookinfo.SERVICES) {
            int pods = service.equals("reviews") ? 3 : 1;
            Eventually.within(
                    Duration.ofSeconds(20),
                    () -> assertThat(Bookinfo.readyAddresses(api, service))
                            .isEqualTo(kubelets.addresses(service))
                            .hasSize(pods));
        }
    }

    @Test
    void aPodAnswersAtItsAddress() throws Exception {
        Eventually.within(
                Duration.ofSeconds(20),
                () -> assertThat(kubelets.addresses("ratings")).hasSize(1));
        URI url = URI.create("http://" + kubelets.addresses("ratings").get(0) + ":" + PodServer.PORT + "/");

        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString());

        assertThat(response.body()).startsWith("ratings-v1-");
    }

    @Test
    void callersMayReadAndNothingElse() {
        for (String account : new String[] {"bookinfo-productpage", "bookinfo-reviews"}) {
            String rights = CLUSTER.kubectl("auth", "can-i", "--list", "--as=system:serviceaccount:default:" + account);

            assertThat(rights.lines().filter(line -> line.contains("istio.io") || line.contains("services")))
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line).containsPattern("\\[(list watch)\\]"));
            assertThat(rights).doesNotContain("secrets", "configmaps");
        }
    }
}
