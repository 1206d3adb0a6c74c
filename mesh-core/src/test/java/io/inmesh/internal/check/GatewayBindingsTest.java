package io.inmesh.internal.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatewayBindingsTest {
    private static final String SHOP = gateway("shop", "shop.example.com");
    private static final String ADMIN = gateway("admin", "'*.admin.example.com'");

    @Test
    void doubtsAGatewayOnlyAmongOthers() {
        CheckedFile wrong = CheckedFile.of(SHOP, rule("shop.example.com", "[shpo]"));

        assertThat(wrong.lines(ConfigCheck.GATEWAY_NOT_FOUND))
                .containsExactly(
                        "9 spec.gateways[0]: there is no Gateway default/shpo here: no gateway uses the rule for it,"
                                + " unless another file has it; did you mean \"default/shop\"?");
        assertThat(wrong.with("shpo", "shop").checks()).isEmpty();
        assertThat(CheckedFile.of(rule("shop.example.com", "[shpo]")).checks()).isEmpty();
        assertThat(CheckedFile.of(SHOP, rule("shop.example.com", "[elsewhere/shpo]"))
                        .checks())
                .isEmpty();
        assertThat(wrong.with(
                                "kind: VirtualService",
                                "kind: Gateway\nmetadata: {name: shpo}\n---\n"
                                        + "apiVersion: networking.istio.io/v1\nkind: VirtualService")
                        .checks())
                .as("a Gateway that is refused")
                .isEmpty();
        assertThat(CheckedFile.of(
                                SHOP,
                                "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: shpo}}",
                                rule("shop.example.com", "[shpo]"))
                        .checks())
                .as("a Gateway of the Kubernetes Gateway API")
                .isEmpty();
    }

    @Test
    void looksAtTheGatewaysOfMatches() {
        String rule = rule("shop.example.com", "[shop]", "match: [{gateways: [shpo]}, {uri: {prefix: /}}]");
        CheckedFile wrong = CheckedFile.of(SHOP, rule);

        assertThat(wrong.lines(ConfigCheck.GATEWAY_NOT_FOUND))
                .singleElement()
                .asString()
                .startsWith("10 spec.http[0].match[0].gateways[0]: there is no Gateway default/shpo here");
        assertThat(wrong.checks()).hasSize(1);
        assertThat(wrong.with("shpo", "default/shop").checks()).isEmpty();
    }

    @Test
    void aMatchForTheMeshInARuleOfAGatewayNeverHolds() {
        String rule = rule("shop.example.com", "[shop]", "match: [{gateways: [mesh], uri: {prefix: /}}]");
        CheckedFile wrong = CheckedFile.of(SHOP, rule);

        assertThat(wrong.lines(ConfigCheck.MATCH_FOR_OTHER_GATEWAY))
                .containsExactly(
                        "10 spec.http[0].match[0].gateways: the match is for gateways that the rule is not bound to"
                                + " (mesh): it never holds; add one of them to spec.gateways");
        assertThat(wrong.checks()).hasSize(1);
        assertThat(wrong.with("gateways: [shop]", "gateways: [shop, mesh]").checks())
                .isEmpty();
    }

    @Test
    void aMatchForAGatewayInARuleOfTheMeshNeverHolds() {
        String rule = rule("shop.example.com", "[]", "match: [{gateways: [shop], uri: {prefix: /}}]");
        CheckedFile wrong = CheckedFile.of(SHOP, rule);

        assertThat(wrong.lines(ConfigCheck.MATCH_FOR_OTHER_GATEWAY))
                .singleElement()
                .asString()
                .endsWith(
                        "it never holds; write gateways: [mesh, shop] in the spec, which is for the mesh alone as it is");
        assertThat(wrong.with("gateways: []", "gateways: [mesh, shop]").checks())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "shop.example.com | '*.example.com' |",
                "shop.example.com | '*' |",
                "shop.example.com | '*/*' |",
                "'*.example.com' | shop.example.com |",
                "shop.example.com | ./Shop.example.com |",
                "shop.example.com | other/shop.example.com | other/shop.example.com",
                "shop.example.com | www.example.com | www.example.com",
                "example.com | '*.example.com' | *.example.com"
            })
    void doubtsAHostThatNoGatewayOfTheRuleTakes(String host, String taken, String listed) {
        CheckedFile file = CheckedFile.of(gateway("shop", "'" + taken + "'"), rule("'" + host + "'", "[shop]"));

        if (listed == null) {
            assertThat(file.checks()).isEmpty();
        } else {
            assertThat(file.lines(ConfigCheck.HOST_NOT_IN_GATEWAY))
                    .containsExactly("9 spec.hosts[0]: no Gateway of the rule takes the host " + host
                            + ": requests for it do not find the rule; add it to a server's hosts; those there are "
                            + listed);
            assertThat(file.with("hosts: ['" + taken, "hosts: ['" + host + "', '" + taken)
                            .checks())
                    .isEmpty();
        }
        assertThat(CheckedFile.of(gateway("shop", "'" + taken + "'"), rule("'" + host + "'", "[shop, elsewhere/shop]"))
                        .lines(ConfigCheck.HOST_NOT_IN_GATEWAY))
                .as("where a Gateway is not known, the host may be there")
                .hasSize(listed == null ? 0 : 1)
                .allMatch(line ->
                        line.contains(" spec.gateways[0]: Gateway default/shop takes none of the rule's hosts"));
    }

    @Test
    void doubtsAGatewayThatTakesNoHostOfTheRule() {
        CheckedFile wrong = CheckedFile.of(SHOP, ADMIN, rule("shop.example.com", "[shop, admin]"));

        assertThat(wrong.lines(ConfigCheck.HOST_NOT_IN_GATEWAY))
                .containsExactly(
                        "14 spec.gateways[1]: Gateway default/admin takes none of the rule's hosts: the rule does"
                                + " nothing there; take it out of the gateways, or add a host to its servers; those there are"
                                + " *.admin.example.com");
        assertThat(wrong.with("[shop, admin]", "[shop]").checks()).isEmpty();
        assertThat(wrong.with("admin], hosts: [", "admin], hosts: [a.admin.example.com, ")
                        .checks())
                .isEmpty();
    }

    @Test
    void aRuleForTheMeshTooMayHaveHostsThatNoGatewayTakes() {
        CheckedFile right = CheckedFile.of(SHOP, rule("reviews, shop.example.com", "[shop, mesh]"));
        assertThat(right.checks()).isEmpty();

        CheckedFile wrong = CheckedFile.of(SHOP, rule("reviews", "[shop, mesh]"));
        assertThat(wrong.lines(ConfigCheck.HOST_NOT_IN_GATEWAY))
                .singleElement()
                .asString()
                .startsWith("9 spec.gateways[0]: Gateway default/shop takes none of the rule's hosts");
        assertThat(wrong.with("[shop, mesh]", "[mesh]").checks()).isEmpty();

        String alias = "{apiVersion: v1, kind: Service, metadata: {name: reviews},"
                + " spec: {type: ExternalName, externalName: shop.example.com}}";
        assertThat(CheckedFile.of(alias, SHOP, rule("reviews", "[shop, mesh]")).checks())
                .as("another name of what the Gateway takes")
                .isEmpty();
    }

    @Test
    void tellsThatSubsetsOfTheMeshAreNotChosenAtAGateway() {
        String subset = """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: reviews}
                spec: {host: reviews, subsets: [{name: v1, labels: {version: v1}}]}
                """;
        String mesh = """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: reviews}
                spec: {hosts: [reviews], http: [{route: [{destination: {host: reviews, subset: v1}}]}]}
                """;
        CheckedFile wrong = CheckedFile.of(SHOP, subset, mesh, rule("shop.example.com", "[shop]"));

        assertThat(wrong.lines(ConfigCheck.ROUTES_OF_MESH_ONLY))
                .containsExactly("20 spec.http[0].route[0].destination.host: a gateway sends to any endpoint of"
                        + " reviews.default.svc.cluster.local: the subsets that VirtualService default/reviews"
                        + " (rules.yaml:11:1) chooses are for calls in the mesh alone; choose a subset here, too");
        assertThat(wrong.checks()).hasSize(1);
        assertThat(wrong.with("{host: reviews}", "{host: reviews, subset: v1}").checks())
                .isEmpty();
        assertThat(CheckedFile.of(SHOP, subset, mesh, rule("shop.example.com", "[shop]", "match: [{gateways: [mesh]}]"))
                        .lines(ConfigCheck.ROUTES_OF_MESH_ONLY))
                .isEmpty();
        assertThat(CheckedFile.of(subset, mesh, rule("shop.example.com", "[mesh]"))
                        .checks())
                .as("a rule of the mesh")
                .isEmpty();
        String service = """
                {apiVersion: v1, kind: Service, metadata: {name: reviews}, spec: {selector: {app: r}, ports: [{port: 80}]}}
                ---
                {apiVersion: v1, kind: Pod, metadata: {name: r, labels: {app: r, version: v1}}}
                """;
        assertThat(CheckedFile.of(wrong.text(), service).checks())
                .as("a subset that is the whole service")
                .isEmpty();
        assertThat(CheckedFile.of(wrong.text(), service.replace("version: v1", "version: v2"))
                        .lines(ConfigCheck.ROUTES_OF_MESH_ONLY))
                .hasSize(1);
    }

    private static String gateway(String name, String hosts) {
        return """
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: %s}
                spec: {servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: [%s]}]}""".formatted(name, hosts);
    }

    private static String rule(String hosts, String gateways) {
        return rule(hosts, gateways, "name: all");
    }

    private static String rule(String hosts, String gateways, String route) {
        return """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: shop}
                spec: {gateways: %s, hosts: [%s], http: [
                    {%s, route: [{destination: {host: reviews}}]}]}
                """.formatted(gateways, hosts, route);
    }
}
