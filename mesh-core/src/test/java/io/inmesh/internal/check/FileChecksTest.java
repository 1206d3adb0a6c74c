package io.inmesh.internal.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigCheck;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.internal.manifest.Manifests;
import io.inmesh.internal.manifest.ServiceManifest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FileChecksTest {
    private static final String SERVICES = """
            apiVersion: v1
            kind: Service
            metadata: {name: reviews}
            spec: {ports: [{port: 9080, name: http}]}
            ---
            apiVersion: v1
            kind: List
            items:
            - apiVersion: v1
              kind: Service
              metadata: {name: cart-v1}
              spec: {ports: [{port: 80}]}
            ---
            """;

    @Test
    void asksForTheHostThatDiffersByALetter() {
        assertThat(check(SERVICES + virtualService("reviews", "host: reviws")))
                .containsExactly("22:15 spec.http[0].route[0].destination.host: no service here has the host"
                        + " reviws.default.svc.cluster.local: calls are answered 503, unless discovery or another file"
                        + " knows it; did you mean \"reviews.default.svc.cluster.local\"?");
    }

    @Test
    void doubtsAHostAmongNeighboursAndNoneWithoutThem() {
        assertThat(check(SERVICES + virtualService("reviews", "host: payments")))
                .singleElement()
                .asString()
                .contains("payments.default.svc", "correct the name");
        assertThat(check(SERVICES + virtualService("reviews", "host: payments.other.svc.cluster.local")))
                .isEmpty();
        assertThat(check(SERVICES + virtualService("reviews", "host: api.example.com")))
                .isEmpty();
        assertThat(check(virtualService("reviews", "host: payments"))).isEmpty();
    }

    @Test
    void aVariantIsNoSlipAndAHostWithRulesOfItsOwnIsNotDoubted() {
        assertThat(check(SERVICES + virtualService("cart-v2", "host: cart-v2"))).isEmpty();
    }

    @Test
    void comparesWithRulesWhereNoServiceIsWritten() {
        assertThat(check(destinationRule("reviews", "{name: v1, labels: {version: v1}}")
                        + virtualService("shop", "host: reviws")))
                .anySatisfy(problem -> assertThat(problem)
                        .contains("spec.http[0].route[0].destination.host", "did you mean \"reviews.default"));
    }

    @Test
    void namesThePortsThatAServiceHas() {
        assertThat(check(SERVICES + virtualService("reviews", "{host: reviews, port: {number: 9090}}")))
                .containsExactly(
                        "21:51 spec.http[0].route[0].destination.port.number: reviews.default.svc.cluster.local"
                                + " has no port 9090 here: calls are answered 503; it has 9080");
        assertThat(check(SERVICES + virtualService("reviews", "{host: reviews, port: {number: 9080}}")))
                .isEmpty();
    }

    @Test
    void asksForAPortWhereTheCallsOwnIsNotThere() {
        String two = SERVICES.replace("[{port: 80}]", "[{port: 8080}, {port: 9090}]");

        assertThat(check(two + virtualService("reviews", "host: cart-v1")))
                .singleElement()
                .asString()
                .contains(
                        "spec.http[0].route[0].destination.port: no port is chosen, so a call keeps its own, and"
                                + " cart-v1.default.svc.cluster.local has no port 9080 here: calls are answered 503",
                        "it has 8080, 9090");
        assertThat(check(two + virtualService("reviews", "{host: cart-v1, port: {number: 8080}}")))
                .isEmpty();
        assertThat(check(two.replace("port: 9090}]", "port: 9080}]") + virtualService("reviews", "host: cart-v1")))
                .isEmpty();
    }

    @Test
    void asksForAPortWhereTheOnlyOneIsNotTheCalls() {
        assertThat(check(SERVICES + virtualService("reviews", "host: cart-v1")))
                .containsExactly(
                        "21:7 spec.http[0].route[0].destination.port: no port is chosen, so a call keeps its own,"
                                + " and cart-v1.default.svc.cluster.local has no port 9080 here: calls are answered 503; add port:"
                                + " {number: ...} to the destination; it has 80");
        assertThat(check(SERVICES + virtualService("reviews", "{host: cart-v1, port: {number: 80}}")))
                .isEmpty();
    }

    @Test
    void doubtsHostsOfRules() {
        assertThat(check(SERVICES
                        + virtualService("reviws", "host: reviews")
                        + destinationRule("reviewss", "{name: v1, labels: {version: v1}}")))
                .satisfiesExactly(
                        first -> assertThat(first)
                                .contains(
                                        "spec.hosts[0]", "the rule concerns calls to this name alone", "did you mean"),
                        second -> assertThat(second).contains("spec.host: ", "the rule has no effect", "did you mean"));
    }

    @Test
    void aNameWithANamespaceIsNotShort() {
        assertThat(check(SERVICES + virtualService("reviews", "host: reviews.default")))
                .singleElement()
                .asString()
                .contains("a full name of its own", "write reviews.default.svc.cluster.local");
        assertThat(check(SERVICES
                        + virtualService("reviews", "host: reviews.other.svc.cluster.local")
                                .replace("reviews.other", "revews.default")))
                .singleElement()
                .asString()
                .contains("did you mean \"reviews.default.svc.cluster.local\"?");
    }

    @Test
    void doubtsSubsetsThatSelectNothingOrEverything() {
        String entry = """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: reviews}
                spec:
                  hosts: [reviews.default.svc.cluster.local]
                  ports: [{number: 80, name: http, protocol: HTTP}]
                  resolution: STATIC
                  endpoints: [{address: 10.0.0.1, labels: {version: v1}}]
                ---
                """;
        assertThat(check(entry
                        + destinationRule(
                                "reviews",
                                "{name: a, labels: {version: v1}}, {name: b, labels: {version: v2}}, {name: c}")))
                .satisfiesExactly(
                        first -> assertThat(first).contains("spec.subsets[1].labels", "\"b\"", "answered 503"),
                        second -> assertThat(second).contains("spec.subsets[2]: ", "\"c\"", "the whole service"));
    }

    @Test
    void doubtsASelectorThatNoWorkloadHereMatches() {
        String entry = """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: a}
                spec:
                  hosts: [a.example.com]
                  ports: [{number: 80, name: http, protocol: HTTP}]
                  resolution: STATIC
                  workloadSelector: {labels: {app: shop}}
                ---
                """;
        String deployment = """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: shop}
                spec: {template: {metadata: {labels: {app: shopp, tier: a}}}}
                """;

        assertThat(check(entry + deployment))
                .singleElement()
                .asString()
                .startsWith("8:")
                .contains("workloadSelector");
        assertThat(check(entry + deployment.replace("shopp", "shop"))).isEmpty();
        assertThat(check(entry)).isEmpty();
        String workload = """
                apiVersion: networking.istio.io/v1
                kind: WorkloadEntry
                metadata: {name: w}
                spec: {address: 10.0.0.1, labels: {app: shop}}
                """;
        assertThat(check(entry + workload)).isEmpty();
        assertThat(check(entry + workload.replace("app: shop", "app: shpo"))).hasSize(1);
    }

    private static String virtualService(String host, String destination) {
        String written = destination.startsWith("{") ? destination : "\n        " + destination;
        return """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: v}
                spec:
                  hosts: [%s]
                  http:
                  - route:
                    - destination: %s
                ---
                """.formatted(host, written);
    }

    private static String destinationRule(String host, String subsets) {
        return """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: d}
                spec: {host: %s, subsets: [%s]}
                ---
                """.formatted(host, subsets);
    }

    @Test
    void saysThatRoutesForHttpDoNothingAtPortsThatCarrySomethingElse() {
        assertThat(check(service("tcp-web") + rule()))
                .singleElement()
                .asString()
                .startsWith("9:")
                .contains("spec.hosts[0]: no port of web.default.svc.cluster.local carries HTTP")
                .contains("80 \"tcp-web\" is TCP", "begin the port's name with http-");
        assertThat(check(service("web") + rule()))
                .as("the protocol follows the caller")
                .isEmpty();
        assertThat(check(service("http-web") + rule())).isEmpty();
    }

    private static String service(String port) {
        return """
                apiVersion: v1
                kind: Service
                metadata: {name: web}
                spec: {ports: [{port: 80, name: %s}]}
                ---
                """.formatted(port);
    }

    /** A port without any text is a fault that no file can have. */
    @Test
    void aFaultOfOneFamilyHidesNothingElse() {
        String text = """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: web}
                spec: {hosts: [web], http: [{route: [{destination: {host: web, subset: v1}}]}]}
                ---
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: web}
                spec: {selector: {a: b}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: [a.example]}]}
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: web, labels: {a: b}}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: web}
                spec: {selector: {a: b}, ports: [{port: 80, name: http}]}
                """;
        Manifests whole = Manifests.read(Map.of("rules.yaml", text), "default");
        ServiceManifest service = whole.services().get(0);
        Manifests broken = new Manifests(
                List.of(new ServiceManifest(
                        service.meta(),
                        service.type(),
                        service.externalName(),
                        service.headless(),
                        service.selector(),
                        List.of(new ServiceManifest.Port(0, 80, "http", null, "TCP", "")),
                        true)),
                whole.workloads(),
                whole.namespaces(),
                whole.secrets(),
                whole.routes(),
                whole.rules(),
                whole.named(),
                whole.others(),
                whole.unreadable());
        ConfigReader.Result result = ConfigReader.sensible().read("rules.yaml", text);

        List<ConfigProblem> problems = FileChecks.check(CheckedFiles.of(result.config(), broken, "cluster.local"));

        assertThat(problems)
                .extracting(ConfigProblem::check)
                .containsExactly(ConfigCheck.CHECK_FAILED, ConfigCheck.SUBSET_NOT_FOUND);
        assertThat(problems.get(0).isError()).isTrue();
        assertThat(problems.get(0).message())
                .startsWith("the check of workloads of gateways failed with NullPointerException at ");
    }

    private static String rule() {
        return """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: web}
                spec: {hosts: [web], http: [{route: [{destination: {host: web}}]}]}
                """;
    }

    private static List<String> check(String text) {
        ConfigReader.Result result = ConfigReader.sensible().read("rules.yaml", text);
        assertThat(result.problems()).noneMatch(ConfigProblem::isError);
        Manifests manifests = Manifests.read(Map.of("rules.yaml", text), "default");
        return FileChecks.check(CheckedFiles.of(result.config(), manifests, "cluster.local")).stream()
                .filter(problem -> problem.severity() != ConfigProblem.Severity.NOTE)
                .map(problem -> problem.origin().line() + ":" + problem.origin().column() + " " + problem.path() + ": "
                        + problem.message() + "; " + problem.fix())
                .toList();
    }
}
