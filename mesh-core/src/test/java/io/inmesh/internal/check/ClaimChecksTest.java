package io.inmesh.internal.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaimChecksTest {
    private static final String GATEWAY = """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: shop}
            spec: {selector: {app: edge}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ['*']}]}
            """;

    @Test
    void missesWhoseTokensAreBelieved() {
        CheckedFile wrong = CheckedFile.of(GATEWAY, rule("headers"));

        assertThat(wrong.lines(ConfigCheck.CLAIM_WITHOUT_AUTHENTICATION))
                .containsExactly(
                        "9 spec.http[0].match[0].headers: no RequestAuthentication here is for the workloads of Gateway"
                                + " default/shop, so no token is believed there: the match never holds, unless another file has one;"
                                + " add a RequestAuthentication with the issuer's jwtRules for them");
        assertThat(wrong.checks()).hasSize(1);
        assertThat(CheckedFile.of(wrong.text(), authentication("default", "app: edge"))
                        .checks())
                .isEmpty();
        assertThat(CheckedFile.of(GATEWAY, rule("withoutHeaders")).lines(ConfigCheck.CLAIM_WITHOUT_AUTHENTICATION))
                .singleElement()
                .asString()
                .contains("match[0].withoutHeaders", "nothing is excluded by it");
        assertThat(CheckedFile.of(rule("headers")).checks())
                .as("a Gateway that is elsewhere")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "default | app: edge | true | true",
                "infra | app: edge | true | true",
                "infra | | true | true",
                "istio-system | | true | true",
                "infra | zone: x | true | false",
                "infra | app: other | false | false",
                "default | | true | false"
            })
    void looksWhomTheAuthenticationIsFor(String namespace, String labels, boolean mayBe, boolean known) {
        String authentication = authentication(namespace, labels == null ? "" : labels);
        String workload = """
                apiVersion: v1
                kind: Pod
                metadata: {name: edge, namespace: infra, labels: {app: edge}}
                """;

        assertThat(CheckedFile.of(GATEWAY, rule("headers"), authentication)
                        .lines(ConfigCheck.CLAIM_WITHOUT_AUTHENTICATION))
                .hasSize(mayBe ? 0 : 1);
        if (!namespace.equals("default") || labels == null) {
            assertThat(CheckedFile.of(GATEWAY, rule("headers"), authentication, workload)
                            .lines(ConfigCheck.CLAIM_WITHOUT_AUTHENTICATION))
                    .hasSize(known ? 0 : 1);
        }
    }

    private static String rule(String field) {
        return """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: shop}
                spec: {hosts: [shop.example.com], gateways: [shop], http: [{match: [{%s: {"@request.auth.claims.group": {exact: a}}}],
                    route: [{destination: {host: shop}}]}]}
                """.formatted(field);
    }

    private static String authentication(String namespace, String labels) {
        return """
                apiVersion: security.istio.io/v1
                kind: RequestAuthentication
                metadata: {name: tokens, namespace: %s}
                spec: {selector: {matchLabels: {%s}}, jwtRules: [{issuer: me, jwksUri: "https://keys.example.com/"}]}
                """.formatted(namespace, labels).replace("selector: {matchLabels: {}}, ", "");
    }
}
