package io.inmesh.internal.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyChecksTest {
    private static final String NAMESPACES = """
            {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
            ---
            {apiVersion: v1, kind: Namespace, metadata: {name: warehouse}}
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AuthorizationPolicy | {} | it keeps nobody out",
                "AuthorizationPolicy | {action: DENY, rules: [{}]} | it refuses nothing",
                "RequestAuthentication | {jwtRules: [{issuer: me, jwksUri: 'https://keys.example.com/'}]} | no workload"
                        + " believes its issuers"
            })
    void doubtsAPolicyForNoWorkloadOfItsNamespace(String kind, String spec, String consequence) {
        CheckedFile wrong = CheckedFile.of(workload("Deployment", "shop"), policy(kind, "shop", "app: crat", spec));

        assertThat(wrong.lines(ConfigCheck.NO_MATCHING_WORKLOADS))
                .containsExactly("9 spec.selector: none of the workloads of namespace shop here has these labels: "
                        + consequence + ", unless another file has it; compare them with the labels of the pods");
        assertThat(wrong.checks()).hasSize(1);
        assertThat(wrong.with("app: crat", "app: cart").checks()).isEmpty();
    }

    @Test
    void saysNothingWhereItsWorkloadsMayBeElsewhere() {
        String policy = policy("AuthorizationPolicy", "shop", "app: crat", "{}");

        assertThat(CheckedFile.of(workload("Deployment", "other"), policy).checks())
                .isEmpty();
        assertThat(CheckedFile.of(workload("Job", "shop"), policy).checks()).isEmpty();
        assertThat(CheckedFile.of(
                                workload("Deployment", "default"),
                                policy("AuthorizationPolicy", "default", "app: orders", "{}"))
                        .checks())
                .as("it may be that neither names its namespace")
                .isEmpty();
        assertThat(CheckedFile.of(
                                workload("Deployment", "default"),
                                policy("AuthorizationPolicy", "default", "app: crat", "{}"))
                        .lines(ConfigCheck.NO_MATCHING_WORKLOADS))
                .hasSize(1);
        String root = policy("AuthorizationPolicy", "istio-system", "app: crat", "{}");
        assertThat(CheckedFile.of(workload("Deployment", "shop"), root).checks())
                .isEmpty();
        assertThat(CheckedFile.of(workload("Deployment", "shop"), workload("Deployment", "other"), root)
                        .lines(ConfigCheck.NO_MATCHING_WORKLOADS))
                .singleElement()
                .asString()
                .contains("none of the workloads here has these labels");
        assertThat(CheckedFile.of(
                                workload("Deployment", "shop"),
                                workload("Deployment", "other"),
                                policy("AuthorizationPolicy", "istio-system", "istio: ingressgateway", "{}"))
                        .checks())
                .isEmpty();
    }

    @Test
    void gatewaysOfKubernetesDoNotLookAtLabels() {
        String label = "gateway.networking.k8s.io/gateway-name: public";
        CheckedFile wrong = CheckedFile.of(policy("AuthorizationPolicy", "shop", label, "{}"));

        assertThat(wrong.lines(ConfigCheck.INEFFECTIVE_SELECTOR))
                .containsExactly(
                        "4 spec.selector: the labels are those of the Kubernetes Gateway public, and Istio's gateways of"
                                + " that kind look at targetRefs alone: it keeps nobody out there; write targetRefs: [{group:"
                                + " gateway.networking.k8s.io, kind: Gateway, name: public}] in place of the selector");
        assertThat(wrong.checks()).hasSize(1);
        assertThat(wrong.with(
                                "selector: {matchLabels: {" + label + "}}",
                                "targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: public}]")
                        .checks())
                .isEmpty();
        String pod = """
                apiVersion: v1
                kind: Pod
                metadata: {name: public, namespace: shop, labels: {app: cart, gateway.networking.k8s.io/gateway-name: public}}
                """;
        assertThat(CheckedFile.of(pod, policy("AuthorizationPolicy", "shop", "app: cart", "{}"))
                        .lines(ConfigCheck.INEFFECTIVE_SELECTOR))
                .hasSize(1);
        assertThat(CheckedFile.of(
                                pod,
                                workload("Deployment", "shop"),
                                policy("AuthorizationPolicy", "shop", "app: cart", "{}"))
                        .checks())
                .as("a workload that looks at labels, too")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "warehous | namespaces | there is no namespace \"warehous\" here: nobody comes from there, unless another file"
                        + " has it; did you mean \"warehouse\"?",
                "warehuose | notNamespaces | there is no namespace \"warehuose\" here: nobody is excepted by it, unless another"
                        + " file has it; did you mean \"warehouse\"?"
            })
    void doubtsANamespaceWhereSeveralAreDescribed(String name, String field, String found) {
        String policy = policy(
                "AuthorizationPolicy",
                "shop",
                "app: cart",
                "{rules: [{from: [{source: {" + field + ": [shop, '" + name
                        + "', monitoring, 'lab-*', 'ware*', '*', istio-system]}}]}]}");
        CheckedFile wrong = CheckedFile.of(NAMESPACES, policy);

        assertThat(wrong.lines(ConfigCheck.NAMESPACE_NOT_FOUND))
                .containsExactly("8 spec.rules[0].from[0].source." + field + "[1]: " + found);
        assertThat(wrong.checks()).hasSize(1);
        assertThat(wrong.with("'" + name + "'", "warehouse").checks()).isEmpty();
        assertThat(CheckedFile.of(NAMESPACES.substring(NAMESPACES.indexOf("---")), policy)
                        .checks())
                .as("one namespace alone is described")
                .isEmpty();
    }

    @Test
    void doubtsAnyNamespaceWhereManyAreDescribed() {
        String policy = policy(
                "AuthorizationPolicy",
                "shop",
                "app: cart",
                "{rules: [{from: [{source: {namespaces: [shop, monitoring, istio-system]}}]}]}");
        String third = """
                {apiVersion: v1, kind: Namespace, metadata: {name: office}}
                """;

        assertThat(CheckedFile.of(NAMESPACES, policy).lines(ConfigCheck.NAMESPACE_NOT_FOUND))
                .isEmpty();
        assertThat(CheckedFile.of(NAMESPACES, third, policy).lines(ConfigCheck.NAMESPACE_NOT_FOUND))
                .singleElement()
                .asString()
                .contains(
                        "there is no namespace \"monitoring\" here: nobody comes from there, unless another file has it;"
                                + " those here are office, shop, warehouse");
    }

    @Test
    void labelsThatPodsGetLaterAreNotMissed() {
        String given = "service.istio.io/canonical-name: cart";
        CheckedFile file = CheckedFile.of(
                workload("Deployment", "shop"),
                policy("AuthorizationPolicy", "shop", given, "{}"),
                policy("AuthorizationPolicy", "shop", given + ", app: cart", "{}"),
                """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: d, namespace: shop}
                spec:
                  host: x.example.com
                  workloadSelector: {matchLabels: {statefulset.kubernetes.io/pod-name: cart-0}}
                """,
                """
                {apiVersion: v1, kind: Service, metadata: {name: cart, namespace: shop},
                  spec: {selector: {app: cart}, ports: [{port: 80, name: http}]}}
                """,
                """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: cart, namespace: shop}
                spec: {host: cart, subsets: [{name: v1, labels: {service.istio.io/canonical-revision: v1}}]}
                """);

        assertThat(file.checks()).isEmpty();
        assertThat(file.with(", app: cart", ", app: other").checks())
                .containsExactly(ConfigCheck.NO_MATCHING_WORKLOADS);
    }

    private static String workload(String kind, String namespace) {
        return """
                apiVersion: apps/v1
                kind: %s
                metadata: {name: cart, namespace: %s}
                spec: {template: {metadata: {labels: {app: cart}}}}
                """.formatted(kind, namespace);
    }

    private static String policy(String kind, String namespace, String labels, String spec) {
        String selector = "{selector: {matchLabels: {" + labels + "}}" + (spec.equals("{}") ? "" : ", ");
        return """
                apiVersion: security.istio.io/v1
                kind: %s
                metadata: {name: p, namespace: %s}
                spec: %s
                """.formatted(kind, namespace, selector + spec.substring(1));
    }
}
