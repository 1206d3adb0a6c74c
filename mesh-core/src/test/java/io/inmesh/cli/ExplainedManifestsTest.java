package io.inmesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private String explain(String text) throws IOException {
        Path rules = Files.writeString(folder.resolve("rules.yaml"), text);
        Path requests =
                Files.writeString(folder.resolve("requests.jsonl"), "{\"id\":\"1\",\"url\":\"http://cart/\"}\n");
        CommandRun run = CommandRun.of("explain", "--config", rules.toString(), "--requests", requests.toString());
        assertThat(run.code()).as(run.err()).isZero();
        return String.join("\n", run.lines());
    }
}
