package io.inmesh.internal.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigCheck;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.endpoint.WorkloadIdentity;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Findings are for those who make the calls: by namespace, by gateway, by delegate and by port. */
class CallersOfRoutesTest {
    private static final String HIDDEN = """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: pay, namespace: ext}
            spec:
              hosts: [pay.example.com]
              exportTo: [a]
              ports: [{number: 80, name: http, protocol: HTTP}]
              resolution: DNS
            """;

    private static final String GATEWAY = """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: gw, namespace: shop}
            spec: {selector: {app: gw}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ['*']}]}
            """;

    @Test
    void oneCallerHearsNothingOfRulesThatItDoesNotSee() {
        String own = route("other", "hosts: [web], exportTo: ['.']", "", "host: web, subset: v1");
        String subset = subset("other", "web, exportTo: ['.']", "v1");

        assertThat(forOne("shop", own, subset)).isEmpty();
        assertThat(forOne("shop", own)).isEmpty();
        assertThat(forOne("other", own)).hasSize(1);
        assertThat(forOne("other", own, subset)).isEmpty();

        String delegate =
                route("other", "exportTo: ['*']", "", "host: web, subset: v1").replace("name: v,", "name: d,");
        String root = route("other", "hosts: [web], exportTo: ['.']", "", "host: web")
                .replace("route: [{destination: {host: web}}]", "delegate: {name: d}");
        assertThat(forOne("shop", delegate, root)).isEmpty();
        assertThat(forOne("other", delegate, root)).hasSize(1);
    }

    @Test
    void oneCallerHearsNothingOfRoutesThatItDoesNotTake() {
        String of =
                route("shop", "hosts: [web]", "{sourceNamespace: a, sourceLabels: {app: x}}", "host: web, subset: v1");

        assertThat(forOne("a", of)).hasSize(1);
        assertThat(forOne("b", of)).isEmpty();
        assertThat(forOne("a", of.replace("app: x", "app: z"))).isEmpty();
        assertThat(forOne("a", of.replace("app: x}}", "app: z}}, {uri: {prefix: /}}")))
                .hasSize(1);
    }

    @Test
    void asksForSubsetsInTheNamespacesThatMatchesName() {
        String only = route("shop", "hosts: [web]", "{sourceNamespace: a}", "host: web, subset: v1");
        String subset = subset("a", "web.shop.svc.cluster.local", "v1");

        assertThat(lines(ConfigCheck.SUBSET_NOT_FOUND, only, subset)).isEmpty();
        assertThat(lines(ConfigCheck.SUBSET_NOT_FOUND, only.replace("Namespace: a", "Namespace: b"), subset))
                .singleElement()
                .asString()
                .contains("in namespace b no DestinationRule defines");
    }

    @Test
    void aSubsetOfAHostOfTwoNamespacesIsMovedToOne() {
        String pay = HIDDEN.replace("  exportTo: [a]\n", "");
        String use = route("shop", "hosts: [pay.example.com]", "", "host: pay.example.com, subset: v1");
        CheckedFile file = CheckedFile.of(pay, pay.replace("ext", "far"), use, subset("shop", "pay.example.com", "v1"));

        assertThat(file.lines(ConfigCheck.SUBSET_NOT_FOUND))
                .singleElement()
                .asString()
                .contains("the service is of ext and far", "move it to namespace ext, or write");
        assertThat(file.with("{name: d, namespace: shop}", "{name: d, namespace: ext}")
                        .lines(ConfigCheck.SUBSET_NOT_FOUND))
                .isEmpty();
    }

    @Test
    void callsHaveThePortsWithHttpThatTheirMatchesName() {
        String web = service(
                "web",
                "{port: 80, name: http}, {port: 81, name: http-admin}, {port: 3306, name: mysql},"
                        + " {port: 53, name: dns, protocol: UDP}");
        String back = service("back", "{port: 80, name: http}");
        String use = route("shop", "hosts: [web]", "{port: 80}", "host: back");

        assertThat(lines(ConfigCheck.PORT_REQUIRED, web, back, use)).isEmpty();
        assertThat(lines(ConfigCheck.PORT_REQUIRED, web, back, use.replace("port: 80", "uri: {prefix: /}")))
                .singleElement()
                .asString()
                .contains("back.shop.svc.cluster.local has no port 81 here");
        assertThat(lines(ConfigCheck.PORT_REQUIRED, web, back, use.replace("port: 80", "port: 81")))
                .hasSize(1);
        assertThat(lines(ConfigCheck.PORT_REQUIRED, web, back, use.replace("[web]", "[x.example.com]")))
                .isEmpty();
    }

    @Test
    void requestsToADelegateHaveThePortsOfItsRootsGateways() {
        String back = service("back", "{port: 80, name: http}, {port: 9090, name: http-metrics}");
        String root = route("shop", "hosts: [shop.example.com], gateways: [gw]", "", "host: back")
                .replace("route: [{destination: {host: back}}]", "delegate: {name: d}");
        String delegate = route("shop", "exportTo: ['*']", "", "host: back").replace("name: v,", "name: d,");

        assertThat(lines(ConfigCheck.PORT_REQUIRED, back, GATEWAY, root, delegate))
                .isEmpty();
        assertThat(lines(ConfigCheck.PORT_REQUIRED, back, GATEWAY.replace("80", "8080"), root, delegate))
                .singleElement()
                .asString()
                .contains("so a request keeps its own", "has no port 8080 here");
        assertThat(lines(ConfigCheck.PORT_REQUIRED, back, root, delegate)).isEmpty();
    }

    @Test
    void aServiceIsHiddenFromThoseWhoCallIt() {
        String use = route("shop", "hosts: [api.example.com]", "", "host: pay.example.com");
        assertThat(lines(ConfigCheck.HOST_NOT_VISIBLE, HIDDEN, use))
                .singleElement()
                .asString()
                .contains("is not exported to namespace shop");
        assertThat(lines(ConfigCheck.HOST_NOT_VISIBLE, HIDDEN, use.replace("hosts:", "gateways: [x/gw], hosts:")))
                .isEmpty();

        String root = use.replace(
                        "route: [{destination: {host: pay.example.com}}]", "delegate: {name: d, namespace: b}")
                .replace("namespace: shop", "namespace: a");
        String delegate =
                route("b", "exportTo: ['*']", "", "host: pay.example.com").replace("name: v,", "name: d,");
        assertThat(lines(ConfigCheck.HOST_NOT_VISIBLE, HIDDEN, root, delegate)).isEmpty();
        assertThat(lines(ConfigCheck.HOST_NOT_VISIBLE, HIDDEN, root.replace("namespace: a", "namespace: c"), delegate))
                .singleElement()
                .asString()
                .contains("is not exported to namespace c");
    }

    private static String route(String namespace, String fields, String match, String destination) {
        return """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: v, namespace: %s}
                spec: {%s, http: [{%sroute: [{destination: {%s}}]}]}
                """.formatted(namespace, fields, match.isEmpty() ? "" : "match: [" + match + "], ", destination);
    }

    private static String subset(String namespace, String host, String name) {
        return """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: d, namespace: %s}
                spec: {host: %s, subsets: [{name: %s, labels: {version: v1}}]}
                """.formatted(namespace, host, name);
    }

    private static String service(String name, String ports) {
        return """
                apiVersion: v1
                kind: Service
                metadata: {name: %s, namespace: shop}
                spec: {ports: [%s]}
                """.formatted(name, ports);
    }

    private static List<String> lines(ConfigCheck check, String... documents) {
        return CheckedFile.of(documents).lines(check);
    }

    private static List<String> forOne(String namespace, String... documents) {
        ConfigReader.Result read = ConfigReader.sensible().read("rules.yaml", String.join("---\n", documents));
        assertThat(read.problems()).noneMatch(ConfigProblem::isError);
        WorkloadIdentity caller = WorkloadIdentity.DEFAULT.with(namespace, Map.of("app", "x"));
        return ConfigChecks.checkFor(caller, read.config(), UnaryOperator.identity()).stream()
                .map(ConfigProblem::message)
                .toList();
    }
}
