package io.inmesh;

import static io.inmesh.testing.Rules.gateway;
import static io.inmesh.testing.Rules.server;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.call.SimpleRequestHead;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.explain.Explanation;
import io.inmesh.explain.Explanation.Decision;
import io.inmesh.explain.Explanation.RouteVerdict;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.Gateway;
import io.inmesh.model.GatewayHost;
import io.inmesh.model.GatewayServer;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.ServerTlsSettings;
import io.inmesh.testing.FakeConfigSource;
import io.inmesh.testing.LeakCheck;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Why a request goes where it goes at a gateway, or goes nowhere. */
class ExplainAtGatewayTest {
    private static final String SHOP = "hosts: [shop.example.com], gateways: [gw], http: [{name: a, %s}]";
    private static final String ANSWER = "directResponse: {status: 201}";

    @RegisterExtension
    final LeakCheck leaks = new LeakCheck();

    private final List<Gateway> gateways = new ArrayList<>(List.of(gateway("gw", server(80, "*.example.com"))));

    private static String rule(String name, String spec) {
        return """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: %s}
                spec: {%s}
                """.formatted(name, spec);
    }

    private Explanation explain(
            int port, String method, String url, Map<String, List<String>> headers, String... rules) {
        List<ConfigObject> objects = new ArrayList<>(gateways);
        Arrays.stream(rules)
                .forEach(rule -> objects.addAll(ConfigReader.sensible()
                        .forGateway()
                        .read("rules.yaml", rule)
                        .objects()));
        assertThat(objects).hasSize(gateways.size() + rules.length);
        Mesh mesh = leaks.watch(Mesh.builder()
                .config(new FakeConfigSource("rules", MeshConfig.of(objects)))
                .gateway()
                .build());
        return mesh.explainAtGateway(port, SimpleRequestHead.of(method, url, headers));
    }

    private Explanation explain(int port, String url, String... rules) {
        return explain(port, "GET", url, Map.of(), rules);
    }

    @Test
    void tellsThatNoServerIsAtThePort() {
        gateways.add(gateway(
                "db",
                GatewayServer.builder(3306, GatewayServer.Protocol.TCP, List.of(new GatewayHost("*", "*")))
                        .portName("mysql")
                        .build()));

        Explanation explanation = explain(3306, "http://shop.example.com/", rule("a", SHOP.formatted(ANSWER)));

        assertThat(explanation.decision()).isEqualTo(Decision.NO_ROUTE);
        assertThat(explanation.status()).isEqualTo(404);
        assertThat(explanation.why())
                .containsExactly(
                        "no Gateway has a server for HTTP at port 3306, only at port 80: NR",
                        "server mysql of Gateway default/db has * and takes no requests: it is for TCP, and only requests"
                                + " of HTTP are routed whose TLS ends here");
    }

    @Test
    void tellsThatNoRuleHasTheHostAndWhyTheNearOnesAreNotBound() {
        gateways.add(gateway("elsewhere", server(8080, "*")));
        Explanation explanation = explain(
                80,
                "http://shop.example.com/",
                rule("mesh-only", "hosts: [shop.example.com], http: [{" + ANSWER + "}]"),
                rule("missing", "hosts: [shop.example.com], gateways: [none], http: [{" + ANSWER + "}]"),
                rule("port", "hosts: [\"*\"], gateways: [elsewhere], http: [{" + ANSWER + "}]"),
                rule("secret", "exportTo: [other], " + SHOP.formatted(ANSWER)),
                rule("never", SHOP.formatted("match: [{port: 81}], " + ANSWER)),
                rule("far", "hosts: [shop.test], gateways: [gw], http: [{" + ANSWER + "}]"));

        assertThat(explanation.decision()).isEqualTo(Decision.NO_ROUTE);
        assertThat(explanation.why())
                .containsExactly(
                        "no rule has host shop.example.com at a Gateway's port 80: NR",
                        "server of Gateway default/gw takes *.example.com",
                        "VirtualService default/mesh-only (rules.yaml:1:1) has host shop.example.com, but it is for calls"
                                + " between services only: add default/gw to its gateways",
                        "VirtualService default/missing (rules.yaml:1:1) has host shop.example.com, but its Gateway"
                                + " default/none is not among the rules",
                        "VirtualService default/port (rules.yaml:1:1) has host *, but its Gateway default/elsewhere has no"
                                + " server for HTTP at port 80",
                        "VirtualService default/secret (rules.yaml:1:1) has host shop.example.com, but it is in namespace"
                                + " default and is not exported to namespace default (exportTo [other])",
                        "VirtualService default/never (rules.yaml:1:1) has host shop.example.com, but none of its routes is"
                                + " for this gateway and port");
    }

    @Test
    void tellsThatTheServersTakeOtherHosts() {
        gateways.set(0, gateway("gw", server(80, "a.test", "other/*.example.com")));

        Explanation explanation = explain(80, "http://shop.example.com/", rule("a", SHOP.formatted(ANSWER)));

        assertThat(explanation.why())
                .last()
                .isEqualTo("VirtualService default/a (rules.yaml:1:1) has host shop.example.com, but server of Gateway"
                        + " default/gw takes a.test, *.example.com of namespace other, not this host of namespace"
                        + " default");
    }

    @Test
    void tellsOfTheServerTheRulesAndTheRoutesTried() {
        Explanation explanation = explain(
                80,
                "http://shop.example.com/x/../y",
                rule("a", SHOP.formatted("match: [{uri: {exact: /x}}], " + ANSWER)),
                rule("b", SHOP.formatted("match: [{port: 81}, {uri: {exact: /y}}], " + ANSWER)),
                rule("c", "hosts: [\"*\"], gateways: [gw], http: [{" + ANSWER + "}]"));

        assertThat(explanation.decision()).isEqualTo(Decision.DIRECT_RESPONSE);
        assertThat(explanation.virtualService()).isEqualTo("default/b");
        assertThat(explanation.routes())
                .extracting(RouteVerdict::reason)
                .containsExactly(
                        "path is not exact '/x'", "is for port 81, this is port 80", "matches path exact '/y'");
        assertThat(explanation.why())
                .startsWith(
                        "shop.example.com is shop.example.com at port 80, routed by VirtualService default/a, default/b"
                                + " (rules.yaml:1:1)",
                        "server of Gateway default/gw takes *.example.com",
                        "VirtualService default/c (rules.yaml:1:1) has host *, but a request for it follows the nearer host"
                                + " shop.example.com",
                        "the path is normalised to /y");
    }

    @Test
    void tellsOfARedirectToHttps() {
        ServerTlsSettings tls = ServerTlsSettings.builder(ServerTlsSettings.Mode.PASSTHROUGH)
                .httpsRedirect(true)
                .build();
        gateways.set(
                0,
                gateway("gw", server(80, "*.example.com").toBuilder().tls(tls).build()));

        Explanation explanation = explain(80, "http://shop.example.com/a?b", rule("a", SHOP.formatted(ANSWER)));

        assertThat(explanation.decision()).isEqualTo(Decision.REDIRECT);
        assertThat(explanation.status()).isEqualTo(301);
        assertThat(explanation.location()).isEqualTo("https://shop.example.com/a?b");
        assertThat(explanation.routes()).isEmpty();
        assertThat(explanation.why())
                .contains("a server that takes the host redirects requests without TLS (tls.httpsRedirect)")
                .last()
                .isEqualTo("answered by the mesh with 301 to https://shop.example.com/a?b");
    }

    @Test
    void tellsOfAHostThatIsKeptFromOtherServers() {
        gateways.add(gateway(
                "closed",
                server(80, "shop.example.com").toBuilder().refused(true).build()));

        Explanation explanation = explain(80, "http://shop.example.com/", rule("a", SHOP.formatted(ANSWER)));

        assertThat(explanation.decision()).isEqualTo(Decision.NO_ROUTE);
        assertThat(explanation.why())
                .contains(
                        "server of Gateway default/closed has shop.example.com and takes no requests: it asks for something"
                                + " that is not executed and that no request may be taken without");
    }

    @Test
    void tellsOfPagesOfOtherOrigins() {
        String cors = "corsPolicy: {allowOrigins: [{exact: \"https://ok.example\"}], allowMethods: [GET]%s},"
                + " route: [{destination: {host: reviews}}]";
        String wanted = "access-control-request-method";

        assertThat(explain(
                                80,
                                "OPTIONS",
                                "http://shop.example.com/",
                                Map.of("origin", List.of("https://ok.example"), wanted, List.of("GET")),
                                rule("a", SHOP.formatted(cors.formatted(""))))
                        .why())
                .contains("a preflight of origin https://ok.example, which corsPolicy allows: answered by the mesh");
        assertThat(explain(
                                80,
                                "OPTIONS",
                                "http://shop.example.com/",
                                Map.of("origin", List.of("https://bad.example"), wanted, List.of("GET")),
                                rule("a", SHOP.formatted(cors.formatted(", unmatchedPreflights: IGNORE"))))
                        .why())
                .contains(
                        "a preflight of origin https://bad.example, which corsPolicy does not allow: answered by the mesh"
                                + " without saying so (unmatchedPreflights IGNORE)");
        assertThat(explain(
                                80,
                                "GET",
                                "http://shop.example.com/",
                                Map.of("origin", List.of("https://bad.example")),
                                rule("a", SHOP.formatted(cors.formatted(""))))
                        .why())
                .contains("corsPolicy does not allow origin https://bad.example, so the answer gets no headers for it");
    }

    @Test
    void tellsThatAnAddressOfTheRequestIsNotDialled() {
        String entry = """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: any}
                spec:
                  hosts: [any.example.com]
                  ports: [{number: 80, name: http, protocol: HTTP}]
                  resolution: NONE
                """;

        Explanation explanation = explain(
                80,
                "http://shop.example.com/",
                rule("a", SHOP.formatted("route: [{destination: {host: any.example.com}}]")),
                entry);

        assertThat(explanation.decision()).isEqualTo(Decision.REFUSED);
        assertThat(explanation.status()).isEqualTo(503);
        assertThat(explanation.why()).anyMatch(sentence -> sentence.contains("which a gateway does not dial"));
        assertThat(explanation.policies()).doesNotContainKey("loadBalancer");
    }
}
