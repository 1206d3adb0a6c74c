package io.inmesh.internal.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigCheck;
import io.inmesh.config.ConfigProblem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayWorkloadChecksTest {
    private static final String WORKLOAD = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: edge, namespace: infra}
            spec: {template: {metadata: {labels: {app: edge-gateway, tier: web, injected: 'true'}},
              spec: {containers: [{ports: [{name: secure, containerPort: 8443}]}]}}}
            """;
    private static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata: {name: edge, namespace: infra}
            spec: {selector: {app: edge-gateway}, ports: [{port: 80, targetPort: 8080}, {port: 443, targetPort: secure}]}
            """;

    @Test
    void doubtsASelectorThatNearlyFits() {
        CheckedFile wrong = CheckedFile.of(WORKLOAD, gateway("istio: edge-gateway", 80));

        assertThat(wrong.lines(ConfigCheck.GATEWAY_WITHOUT_WORKLOADS))
                .containsExactly(
                        "10 spec.selector: no workload here has istio: edge-gateway, while Deployment infra/edge"
                                + " (rules.yaml:1:1) has app: edge-gateway: Istio has no gateway that serves this, unless another"
                                + " file has it; write app: edge-gateway if that workload is meant");
        assertThat(wrong.checks()).hasSize(1);
        assertThat(wrong.with("istio: edge-gateway", "app: edge-gateway").checks())
                .isEmpty();
        assertThat(CheckedFile.of(WORKLOAD, gateway("app: edge-gatway, tier: web", 80))
                        .lines(ConfigCheck.GATEWAY_WITHOUT_WORKLOADS))
                .singleElement()
                .asString()
                .contains("has app: edge-gateway");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "istio: ingressgateway",
                "app: other",
                "app: edge-gateway, zone: x",
                "tier: web2",
                "istio: web",
                "managed: 'true'"
            })
    void doesNotDoubtASelectorOfWorkloadsThatAreElsewhere(String selector) {
        assertThat(CheckedFile.of(WORKLOAD, gateway(selector, 80)).checks()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 8080, 443, 8443})
    void aPortOrItsTargetIsThere(int port) {
        assertThat(CheckedFile.of(WORKLOAD, SERVICE, gateway("app: edge-gateway", port))
                        .checks())
                .isEmpty();
    }

    @Test
    void saysNothingOfPortsWhereATargetIsNone() {
        assertThat(CheckedFile.of(
                                WORKLOAD,
                                SERVICE.replace("targetPort: 8080", "targetPort: 99999999999"),
                                gateway("app: edge-gateway", 9000))
                        .checks())
                .isEmpty();
    }

    @Test
    void doubtsAPortThatNoServiceLeadsTo() {
        CheckedFile wrong = CheckedFile.of(WORKLOAD, SERVICE, gateway("app: edge-gateway", 9000));

        assertThat(wrong.lines(ConfigCheck.GATEWAY_PORT_NOT_IN_SERVICE))
                .containsExactly(
                        "16 spec.servers[0].port.number: no Service of the gateway's workloads (Deployment infra/edge)"
                                + " leads to port 9000: what comes through a Service does not reach the server, unless another file"
                                + " has it; add the port to a Service, or use one of theirs: 80, 443");
        assertThat(wrong.checks()).hasSize(1);
        assertThat(wrong.with("9000", "443").checks()).isEmpty();
        assertThat(wrong.with("[{port: 80,", "[{port: 9000}, {port: 80,").checks())
                .isEmpty();
        assertThat(wrong.with("selector: {app: edge-gateway}, ports", "selector: {app: other}, ports")
                        .checks())
                .as("no Service of the workloads is described")
                .isEmpty();
        assertThat(wrong.with("port: 80,", "port: '{{ port }}',").checks())
                .as("a Service of which not all ports are known")
                .isEmpty();
    }

    @Test
    void notesAPortThatTheUsualGatewayDoesNotHave() {
        CheckedFile file = CheckedFile.of(gateway("istio: ingressgateway", 9000));

        assertThat(file.problems()).singleElement().satisfies(note -> {
            assertThat(note.severity()).isEqualTo(ConfigProblem.Severity.NOTE);
            assertThat(note.check()).isEqualTo(ConfigCheck.GATEWAY_PORT_NOT_IN_SERVICE);
            assertThat(note.message()).contains("has no port 9000");
        });
        assertThat(file.with("9000", "443").checks()).isEmpty();
        assertThat(file.with("istio: ingressgateway", "istio: shop").checks()).isEmpty();
        assertThat(CheckedFile.of(
                                WORKLOAD.replace("app: edge-gateway", "istio: ingressgateway"),
                                SERVICE.replace("app: edge-gateway", "istio: ingressgateway")
                                        .replace("8080", "9000"),
                                file.text())
                        .checks())
                .as("another one is described")
                .isEmpty();
    }

    @Test
    void missesASecretInTheNamespaceOfTheWorkloads() {
        String gateway = tls("app: edge-gateway", "SIMPLE");
        CheckedFile wrong =
                CheckedFile.of(WORKLOAD, SERVICE, secret("shop-cert", "infra", "tls.crt", "tls.key"), gateway);

        assertThat(wrong.lines(ConfigCheck.SECRET_NOT_FOUND))
                .containsExactly(
                        "22 spec.servers[0].tls.credentialName: there is no Secret \"shop\" in namespace infra here,"
                                + " where the gateway's workloads are: TLS connections to the server fail at Istio's gateways, unless"
                                + " another file has it; correct the name, or describe the Secret there");
        assertThat(wrong.checks()).hasSize(1);
        assertThat(wrong.with("name: shop-cert", "name: shop").checks()).isEmpty();
        assertThat(CheckedFile.of(WORKLOAD, SERVICE, gateway).checks())
                .as("no Secret of the namespace is described")
                .isEmpty();

        CheckedFile elsewhere =
                CheckedFile.of(WORKLOAD, SERVICE, secret("shop", "default", "tls.crt", "tls.key"), gateway);
        assertThat(elsewhere.lines(ConfigCheck.SECRET_NOT_FOUND))
                .singleElement()
                .asString()
                .contains("(default/shop is not read by a gateway of another namespace)")
                .endsWith("; move it to namespace infra");
        assertThat(elsewhere
                        .with("metadata: {name: shop, namespace: default}", "metadata: {name: shop, namespace: infra}")
                        .checks())
                .isEmpty();
    }

    @Test
    void aSecretMayBeMadeByAnotherObject() {
        String certificate = """
                apiVersion: cert-manager.io/v1
                kind: Certificate
                metadata: {name: shop-by-name, namespace: infra}
                spec: {secretName: shop}
                """;

        assertThat(CheckedFile.of(WORKLOAD, SERVICE, certificate, tls("app: edge-gateway", "MUTUAL"))
                        .checks())
                .isEmpty();
    }

    @Test
    void theUsualGatewayReadsSecretsOfTheRootNamespace() {
        String gateway = tls("istio: ingressgateway", "SIMPLE");

        assertThat(CheckedFile.of(secret("shpo", "istio-system", "tls.crt", "tls.key"), gateway)
                        .lines(ConfigCheck.SECRET_NOT_FOUND))
                .singleElement()
                .asString()
                .endsWith("did you mean \"shpo\"?");
        assertThat(CheckedFile.of(
                                secret("shpo", "istio-system", "tls.crt", "tls.key"),
                                secret("shop", "istio-ingress", "tls.crt", "tls.key"),
                                gateway)
                        .checks())
                .as("installed elsewhere")
                .isEmpty();
        assertThat(CheckedFile.of(secret("shpo", "infra", "tls.crt", "tls.key"), gateway)
                        .checks())
                .isEmpty();
    }

    @Test
    void aSecretNeedsACertificateAndItsKey() {
        CheckedFile wrong = CheckedFile.of(secret("shop", "infra", "tls.cert", "tls.key"), tls("app: other", "SIMPLE"));

        assertThat(wrong.lines(ConfigCheck.INVALID_SECRET))
                .containsExactly(
                        "11 spec.servers[0].tls.credentialName: Secret infra/shop (rules.yaml:1:1) has no tls.crt"
                                + " and tls.key: TLS connections to the server fail at Istio's gateways; put a certificate and its"
                                + " key, in PEM, into the Secret's tls.crt and tls.key");
        assertThat(wrong.checks()).hasSize(1);
        assertThat(wrong.with("tls.cert", "tls.crt").checks()).isEmpty();
        assertThat(CheckedFile.of(secret("shop", "infra", "cert", "key"), tls("app: other", "SIMPLE"))
                        .checks())
                .isEmpty();

        CheckedFile garbage = wrong.with("tls.cert: \"<left out>\"", "tls.crt: aGlkZGVu");
        assertThat(garbage.lines(ConfigCheck.INVALID_SECRET))
                .singleElement()
                .asString()
                .contains("has no certificate in tls.crt")
                .doesNotContain("aGlkZGVu", "hidden");
    }

    @Test
    void clientsNeedAnAuthority() {
        CheckedFile wrong = CheckedFile.of(secret("shop", "infra", "tls.crt", "tls.key"), tls("app: other", "MUTUAL"));

        assertThat(wrong.lines(ConfigCheck.INVALID_SECRET))
                .singleElement()
                .asString()
                .contains("has no ca.crt for the certificates of clients, nor is there a Secret shop-cacert")
                .endsWith("; put the authority's certificate, in PEM, into the Secret's ca.crt");
        assertThat(wrong.with("tls.key:", "ca.crt: \"<left out>\", tls.key:").checks())
                .isEmpty();
        assertThat(CheckedFile.of(wrong.text(), secret("shop-cacert", "infra", "cacert", "more"))
                        .checks())
                .isEmpty();
    }

    private static String gateway(String selector, int port) {
        return """
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: shop}
                spec: {selector: {%s}, servers: [
                    {port: {number: %d, name: http, protocol: HTTP}, hosts: [shop.example.com]}]}
                """.formatted(selector, port);
    }

    private static String tls(String selector, String mode) {
        return """
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: shop}
                spec: {selector: {%s}, servers: [
                    {port: {number: 443, name: https, protocol: HTTPS}, hosts: [shop.example.com],
                     tls: {mode: %s, credentialName: shop}}]}
                """.formatted(selector, mode);
    }

    private static String secret(String name, String namespace, String first, String second) {
        return """
                apiVersion: v1
                kind: Secret
                metadata: {name: %s, namespace: %s}
                data: {%s: "<left out>", %s: "<left out>"}
                """.formatted(name, namespace, first, second);
    }
}
