package io.inmesh.internal.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.source.ConfigReader;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.internal.manifest.SecretManifest.Content;
import io.inmesh.model.Origin;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestsTest {
    @Test
    void readsAServiceWithThePlacesOfItsFields() {
        ServiceManifest service = read("""
                apiVersion: v1
                kind: Service
                metadata: {name: cart, namespace: shop}
                spec:
                  selector:
                    app: cart
                  ports:
                  - port: 80
                    name: http
                    targetPort: web
                  - port: 443
                    appProtocol: https
                    targetPort: 8443
                """).services().get(0);

        assertThat(service.host("cluster.local")).isEqualTo("cart.shop.svc.cluster.local");
        assertThat(service.selector()).containsExactly(Map.entry("app", "cart"));
        assertThat(service.type()).isEqualTo("ClusterIP");
        assertThat(service.isAlias()).isFalse();
        assertThat(service.allPortsRead()).isTrue();
        assertThat(service.ports())
                .containsExactly(
                        new ServiceManifest.Port(0, 80, "http", "web", "TCP", ""),
                        new ServiceManifest.Port(1, 443, "", "8443", "TCP", "https"));
        assertThat(service.ports().get(1).toServicePort()).isEqualTo(new ServicePort(443, "", "HTTPS"));
        assertThat(service.meta().originOf("spec.ports[1].appProtocol", Origin.NONE))
                .isEqualTo(new Origin("a.yaml", 12, 18));
        assertThat(service.meta().originOf("spec.ports[0].name", Origin.NONE)).isEqualTo(new Origin("a.yaml", 9, 11));
    }

    @Test
    void readsNamesOfOtherHostsAndWhoSeesThem() {
        ServiceManifest service = read("""
                apiVersion: v1
                kind: Service
                metadata:
                  name: api
                  annotations: {networking.istio.io/exportTo: "., team-a"}
                spec: {type: ExternalName, externalName: api.example.com, ports: [{port: "{{ .Values.port }}"}]}
                """).services().get(0);

        assertThat(service.isAlias()).isTrue();
        assertThat(service.externalName()).isEqualTo("api.example.com");
        assertThat(service.exportTo()).containsExactly(".", "team-a");
        assertThat(service.meta().namespace()).isEqualTo("default");
        assertThat(service.allPortsRead()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"apps/v1, Deployment", "apps/v1, StatefulSet", "batch/v1, Job", "argoproj.io/v1alpha1, Rollout"})
    void readsThePodsOfWorkloads(String version, String kind) {
        WorkloadManifest workload =
                read("""
                apiVersion: %s
                kind: %s
                metadata: {name: cart-v1}
                spec:
                  replicas: 2
                  template:
                    metadata: {labels: {app: cart, version: v1}}
                    spec:
                      serviceAccountName: cart
                      containers: [{name: a, ports: [{containerPort: 8080, name: web}]}, {name: b}]
                """.formatted(version, kind)).workloads().get(0);

        assertThat(workload).hasToString(kind + " default/cart-v1");
        assertThat(workload.has(Map.of("app", "cart"))).isTrue();
        assertThat(workload.has(Map.of("app", "cart", "version", "v2"))).isFalse();
        assertThat(workload.ports()).containsExactly(new WorkloadManifest.Port(8080, "web"));
        assertThat(workload.serviceAccount()).isEqualTo("cart");
        assertThat(workload.replicas()).isEqualTo(2);
        assertThat(workload.meta().fields()).containsKey("spec.template.metadata.labels");
    }

    @Test
    void readsPodsAndCronJobsAndNamespacesOfAList() {
        Manifests manifests = read("""
                apiVersion: v1
                kind: List
                items:
                - {apiVersion: v1, kind: Pod, metadata: {name: p, labels: {app: p}}}
                - apiVersion: batch/v1
                  kind: CronJob
                  metadata: {name: c}
                  spec: {jobTemplate: {spec: {template: {metadata: {labels: {app: c}}}}}}
                - {apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {istio-injection: enabled}}}
                - {apiVersion: v1, kind: ConfigMap, metadata: {name: x}}
                - {apiVersion: v1, kind: ConfigMap, metadata: {name: y}}
                """);

        assertThat(manifests.workloads())
                .extracting(WorkloadManifest::podLabels)
                .containsExactly(Map.of("app", "p"), Map.of("app", "c"));
        assertThat(manifests.namespaces()).singleElement().satisfies(namespace -> {
            assertThat(namespace.name()).isEqualTo("shop");
            assertThat(namespace.meta().labels()).containsEntry("istio-injection", "enabled");
        });
        assertThat(manifests.others()).containsExactly(Map.entry("ConfigMap", 2));
    }

    @Test
    void keepsNothingOfWhatASecretHolds() {
        Manifests manifests = read("""
                apiVersion: v1
                kind: Secret
                metadata:
                  name: tls
                  annotations: {kubectl.kubernetes.io/last-applied-configuration: "geheim"}
                type: kubernetes.io/tls
                data: {tls.crt: Z2VoZWlt}
                stringData: {tls.key: geheim, ca.crt: geheim}
                """);

        SecretManifest secret = manifests.secrets().get(0);
        assertThat(secret.keys()).containsExactly("ca.crt", "tls.crt", "tls.key");
        assertThat(secret.type()).isEqualTo("kubernetes.io/tls");
        assertThat(secret.certificate()).isEqualTo(Content.BAD);
        assertThat(secret.privateKey()).isEqualTo(Content.BAD);
        assertThat(manifests.toString()).doesNotContain("geheim", "Z2VoZWlt");
    }

    @Test
    void cannotTellWhatAPlaceholderOrAControllerBrings() {
        Manifests manifests = read("""
                {apiVersion: v1, kind: Secret, metadata: {name: a}, data: {cert: "{{ .Values.cert }}"}}
                ---
                {apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: b}, spec: {secretName: c}}
                ---
                {apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {name: d}, spec: {}}
                """);

        assertThat(manifests.secrets())
                .extracting(secret -> secret.madeBy() + " " + secret.meta().name() + " " + secret.certificate())
                .containsExactly("Secret a UNKNOWN", "Certificate c UNKNOWN", "ExternalSecret d UNKNOWN");
    }

    @Test
    void readsWhatRoutesOfTheGatewayApiReferTo() {
        RouteManifest route = read("""
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: r, namespace: shop}
                spec:
                  hostnames: [shop.example.com]
                  parentRefs: [{name: gate, namespace: infra}, {name: cart, kind: Service, group: ""}]
                  rules:
                  - backendRefs: [{name: cart, port: 80}]
                    filters: [{requestMirror: {backendRef: {name: copy, port: 81}}}]
                """).routes().get(0);

        assertThat(route.hostnames()).containsExactly("shop.example.com");
        assertThat(route.parentRefs())
                .extracting(one -> one.group() + " " + one.kind() + " " + one.namespace() + "/" + one.name())
                .containsExactly("gateway.networking.k8s.io Gateway infra/gate", " Service shop/cart");
        assertThat(route.backendRefs())
                .extracting(one -> one.kind() + " " + one.name() + ":" + one.port() + " " + one.path() + " "
                        + one.origin().line())
                .containsExactly(
                        "Service cart:80 spec.rules[0].backendRefs[0] 8",
                        "Service copy:81 spec.rules[0].filters[0].requestMirror.backendRef 9");
    }

    @Test
    void knowsOtherKindsOfIstioByNameAndForWhom() {
        assertThat(read("""
                apiVersion: networking.istio.io/v1
                kind: Sidecar
                metadata: {name: s}
                spec: {workloadSelector: {labels: {app: cart}}}
                ---
                {apiVersion: security.istio.io/v1, kind: PeerAuthentication, metadata: {name: p}}
                """).named())
                .extracting(named -> named.group() + " " + named.kind() + " " + named.selector())
                .containsExactly("networking.istio.io Sidecar {app=cart}", "security.istio.io PeerAuthentication null");
    }

    @Test
    void readsTheNamesInRulesThatAreRefused() {
        String text = """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: good}
                spec: {host: a, subsets: [{name: v1}]}
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: bad}
                spec: {host: b, subsets: [{name: v2}, {nam: v3}]}
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                spec: {hosts: [x.example.com], ports: [{number: 80, protokol: HTTP}]}
                """;

        assertThat(read(text)
                        .rulesNotIn(ConfigReader.sensible().read("a.yaml", text).config()))
                .extracting(rule -> rule.kind() + " " + rule.hosts() + rule.subsets() + rule.ports())
                .containsExactly("DestinationRule [b][v2, ]" + "[]", "ServiceEntry [x.example.com][][80]");
    }

    @Test
    void tellsWhichTextsAreNoYamlAndReadsWhatComesBefore() {
        Manifests manifests = Manifests.read(
                Map.of("chart.yaml", "{apiVersion: v1, kind: Service, metadata: {name: a}}\n---\nx: {{- if }}"),
                "default");

        assertThat(manifests.services()).hasSize(1);
        assertThat(manifests.unreadable()).containsExactly("chart.yaml");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "kind: Service",
                "{kind: Service, apiVersion: v1, metadata: [], spec: {ports: {a: b}}}",
                "{kind: Secret, apiVersion: v1, data: [1], stringData: {a: [b]}}",
                "{kind: [Pod], apiVersion: {}}",
                "{kind: Pod, apiVersion: v1, metadata: {labels: {a: {b: c}}}, spec: {containers: {a: b}}}",
                "{kind: Deployment, apiVersion: apps/v1, spec: {template: [1], replicas: 99999999999}}",
                "{kind: List, apiVersion: v1, items: [[], 1, {kind: List, items: [{}]}]}",
                "{kind: HTTPRoute, apiVersion: gateway.networking.k8s.io/v1, spec: {rules: [1, {backendRefs: 3}]}}",
                "{kind: Secret, apiVersion: v1, data: {tls.crt: '%%%%', tls.key: '-'}}"
            })
    void readsOnWhateverIsWritten(String text) {
        assertThat(read(text + "\n---\n{apiVersion: v1, kind: Namespace, metadata: {name: last}}")
                        .namespaces())
                .hasSize(1);
    }

    private static Manifests read(String text) {
        return Manifests.read(Map.of("a.yaml", text), "default");
    }
}
