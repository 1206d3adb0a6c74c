package io.inmesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where calls would go, asked of Services, workloads and rules in files. */
class ExplainedManifestsTest {
    private static final String SHOP = """
            apiVersion: v1
            kind: Service
            metadata: {name: cart}
            spec: {selector: {app: cart}, ports: [{port: 80, name: http, targetPort: web}]}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: cart-v1}
            spec:
              template:
                metadata: {labels: {app: cart, version: v1}}
                spec: {containers: [{name: cart, ports: [{name: web, containerPort: 8080}]}]}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: cart-v2}
            spec:
              replicas: 2
              template:
                metadata: {labels: {app: cart, version: v2}}
                spec: {containers: [{name: cart, ports: [{name: web, containerPort: 8081}]}]}
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: cart}
            spec: {host: cart, subsets: [{name: v2, labels: {version: v2}}]}
            ---
            """;

    private static final String RULE = """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: cart}
            spec: {hosts: [cart], http: [{route: [{destination: {host: cart, subset: v2}}]}]}
            """;

    @TempDir
    Path folder;

    @Test
    void callsGoToTheWorkloadsOfAService() throws IOException {
        assertThat(explain(SHOP))
                .contains("\"decision\":\"forward\"", "\"deployment/cart-v1:8080\",\"deployment/cart-v2:8081\"");
    }

    @Test
    void subsetsSelectWorkloadsByLabels() throws IOException {
        assertThat(explain(SHOP + RULE))
                .contains("outbound|80|v2|cart.default.svc.cluster.local", "[\"deployment/cart-v2:8081\"]");
        assertThat(explain(SHOP.replace("replicas: 2", "replicas: 0") + RULE)).contains("\"no_endpoints\"");
    }

    @Test
    void aServiceWithoutWorkloadsHereIsItsOwnEndpoint() throws IOException {
        assertThat(explain(SHOP.substring(0, SHOP.indexOf("---"))))
                .contains("\"decision\":\"forward\"", "[\"service/cart:80\"]");
    }

    @Test
    void whatStandsInForUnknownWorkloadsIsInEverySubset() throws IOException {
        String service = SHOP.substring(0, SHOP.indexOf("---"));
        String rules = SHOP.substring(SHOP.indexOf("---\napiVersion: networking"))
                .replace("[{name: v2", "[{name: v1, labels: {version: v1}}, {name: v2");

        assertThat(explain(service + rules + RULE))
                .contains("\"decision\":\"forward\"", "|v2|", "[\"service/cart:80\"]")
                .doesNotContain("subset-selects-nothing");
        assertThat(explain(service + rules)).as("its address once").contains("[\"service/cart:80\"]");
    }

    @Test
    void labelsThatComeLaterMakeNoSubsetEmpty() throws IOException {
        String zone =
                SHOP.replace("labels: {version: v2}}]", "labels: {version: v2, topology.kubernetes.io/zone: a}}]");

        assertThat(explain(zone + RULE))
                .contains("[\"deployment/cart-v2:8081\"]")
                .doesNotContain("selects-nothing");
        assertThat(explain(zone)).contains("[\"deployment/cart-v1:8080\",\"deployment/cart-v2:8081\"]");
    }

    @Test
    void aPortOfUdpBesideOneOfTcpIsLeftOut() throws IOException {
        for (String first : List.of("TCP", "UDP")) {
            String ports = SHOP.replace(
                    "ports: [{port: 80, name: http, targetPort: web}]",
                    "ports: [{port: 80, name: a, protocol: %s, targetPort: %s}, {port: 80, name: b, protocol: %s, targetPort: %s}]"
                            .formatted(
                                    first,
                                    first.equals("TCP") ? "web" : "9",
                                    first.equals("TCP") ? "UDP" : "TCP",
                                    first.equals("TCP") ? "9" : "web"));
            assertThat(explain(ports)).contains("[\"deployment/cart-v1:8080\",\"deployment/cart-v2:8081\"]");
        }
    }

    @Test
    void serviceEntriesTakeWorkloads() throws IOException {
        String entry = """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: cart}
                spec:
                  hosts: [cart]
                  resolution: STATIC
                  ports: [{number: 80, name: http, protocol: HTTP, targetPort: 8080}]
                  workloadSelector: {labels: {app: cart, version: v2}}
                ---
                """;

        assertThat(explain(entry + SHOP.substring(SHOP.indexOf("---") + 4)))
                .contains("\"decision\":\"forward\"", "[\"deployment/cart-v2:8080\"]");
    }

    @Test
    void whatServesNobodyIsNoEndpointAndTheLaterOfTwoCounts() throws IOException {
        String more = """
                apiVersion: batch/v1
                kind: Job
                metadata: {name: fill}
                spec: {template: {metadata: {labels: {app: cart}}, spec: {containers: [{ports: [{name: web, containerPort: 1}]}]}}}
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: done, labels: {app: cart}}
                spec: {containers: [{ports: [{name: web, containerPort: 2}]}]}
                status: {phase: Succeeded}
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: cart-v2}
                spec:
                  template:
                    metadata: {labels: {app: cart}}
                    spec:
                      initContainers:
                      - {name: proxy, restartPolicy: Always, ports: [{name: web, containerPort: 8082}]}
                      - {name: once, ports: [{name: web, containerPort: 3}]}
                """;

        assertThat(explain(SHOP + more)).contains("[\"deployment/cart-v1:8080\",\"deployment/cart-v2:8082\"]");
    }

    @Test
    void aTargetThatIsNoPortIsTheServicesOwnNumber() throws IOException {
        for (String target : List.of("\"{{ .Values.port }}\"", "70000", "0")) {
            assertThat(explain(SHOP.replace("targetPort: web", "targetPort: " + target)))
                    .as(target)
                    .contains("[\"deployment/cart-v1:80\",\"deployment/cart-v2:80\"]");
        }
    }

    private String explain(String text) throws IOException {
        Path rules = Files.writeString(folder.resolve("rules.yaml"), text);
        Path requests =
                Files.writeString(folder.resolve("requests.jsonl"), "{\"id\":\"1\",\"url\":\"http://cart/\"}\n");
        CommandRun run = CommandRun.of("explain", "--config", rules.toString(), "--requests", requests.toString());
        assertThat(run.code()).as(run.err()).isZero();
        return String.join("\n", run.lines()) + run.err();
    }
}
