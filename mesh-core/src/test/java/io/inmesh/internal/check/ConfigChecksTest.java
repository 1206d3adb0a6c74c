package io.inmesh.internal.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.config.source.ConfigReader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigChecksTest {
    private static final String REVIEWS = """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: reviews}
            spec: {hosts: [reviews.default.svc.cluster.local], resolution: STATIC}
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: reviews}
            spec: {host: reviews, subsets: [{name: v1}, {name: v2}]}
            ---
            """;

    @Test
    void warnsOfASecondVirtualServiceForAHostAndNamesBoth() {
        List<ConfigProblem> problems = check(
                virtualService("b", "default", "hosts: [reviews]"),
                virtualService("a", "default", "hosts: [reviews.default.svc.cluster.local]"));

        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.severity()).isEqualTo(Severity.WARNING);
            assertThat(problem.origin().line()).isEqualTo(15);
            assertThat(problem.message())
                    .isEqualTo("host reviews.default.svc.cluster.local belongs to VirtualService default/a"
                            + " (rules.yaml:20:1), which comes first by name; default/b is ignored for it");
        });
    }

    @Test
    void theOlderTimeOfCreationWins() {
        List<ConfigProblem> problems = check(
                virtualService("a", "default", "hosts: [x.com]")
                        .replace("{name: a,", "{name: a, creationTimestamp: 2026-02-01T00:00:00Z,"),
                virtualService("b", "default", "hosts: [x.com]")
                        .replace("{name: b,", "{name: b, creationTimestamp: 2026-01-01T00:00:00Z,"));

        assertThat(problems)
                .singleElement()
                .satisfies(problem -> assertThat(problem.message())
                        .contains("belongs to VirtualService default/b", "default/a is ignored"));
    }

    @Test
    void rulesThatNobodySeesTogetherDoNotMeet() {
        assertThat(check(
                        virtualService("a", "one", "hosts: [x.com], exportTo: [.]"),
                        virtualService("b", "two", "hosts: [x.com], exportTo: [.]"),
                        virtualService("c", "three", "hosts: ['x.com'], gateways: [g]")))
                .isEmpty();
    }

    @Test
    void warnsOfASubsetThatNoRuleDefines() {
        List<ConfigProblem> problems = check(virtualService("v", "default", "hosts: [reviews]")
                .replace("{host: reviews}", "{host: reviews, subset: v3}"));

        assertThat(problems)
                .extracting(ConfigProblem::toString)
                .containsExactly("rules.yaml:17:51: warning: spec.http[0].route[0].destination.subset: no"
                        + " DestinationRule defines the subset \"v3\" of reviews.default.svc.cluster.local: calls are"
                        + " answered 503; known are v1, v2");
    }

    @Test
    void namesTheLineAndTheFieldOfASubsetAndWhatBecomesOfItsCalls() {
        List<ConfigProblem> problems = check("""
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: v}
                spec:
                  hosts: [reviews]
                  http:
                  - match:
                    - uri: {prefix: /a}
                    route:
                    - destination:
                        host: reviews
                        subset: v7
                      weight: 90
                    - destination:
                        host: reviews
                        subset: v8
                      weight: 10
                    mirror:
                      host: reviews
                      subset: v9
                  - mirrors:
                    - destination:
                        host: reviews
                        subset: v9
                    route:
                    - destination:
                        host: reviews
                  - match:
                    - gateways: [shop]
                    route:
                    - destination:
                        host: reviews
                        subset: v9
                """);

        assertThat(problems)
                .extracting(problem -> problem.origin().line(), ConfigProblem::path, ConfigChecksTest::consequence)
                .containsExactly(
                        tuple(22, "spec.http[0].route[0].destination.subset", "its share of the calls is answered 503"),
                        tuple(26, "spec.http[0].route[1].destination.subset", "its share of the calls is answered 503"),
                        tuple(30, "spec.http[0].mirror.subset", "no copies are sent there"),
                        tuple(34, "spec.http[1].mirrors[0].destination.subset", "no copies are sent there"),
                        tuple(43, "spec.http[2].route[0].destination.subset", "calls are answered 503 by the gateway"));
    }

    @Test
    void aMirrorOfTheClusterIsNamedAsItWasWritten() {
        Object spec = Map.of(
                "hosts",
                List.of("reviews"),
                "http",
                List.of(Map.of(
                        "route",
                        List.of(Map.of("destination", Map.of("host", "reviews"))),
                        "mirror",
                        Map.of("host", "reviews", "subset", "v9"))));
        ConfigReader.Result result = ConfigReader.sensible()
                .readTree(
                        "VirtualService/default/v",
                        Map.of(
                                "apiVersion",
                                "networking.istio.io/v1",
                                "kind",
                                "VirtualService",
                                "metadata",
                                Map.of("name", "v"),
                                "spec",
                                spec));

        assertThat(ConfigChecks.check(result.config(), "cluster.local"))
                .extracting(ConfigProblem::path)
                .containsExactly("spec.http[0].mirror.subset");
    }

    private static String consequence(ConfigProblem problem) {
        return problem.message().substring(problem.message().lastIndexOf(": ") + 2);
    }

    @Test
    void aSubsetOfAWildcardRuleIsDefined() {
        assertThat(check(
                        """
                        apiVersion: networking.istio.io/v1
                        kind: DestinationRule
                        spec: {host: '*.example.com', subsets: [{name: v7}]}
                        """,
                        virtualService("v", "default", "hosts: [reviews]")
                                .replace("{host: reviews}", "{host: api.example.com, subset: v7}")))
                .isEmpty();
    }

    /** As Istio looks a DestinationRule up: the star may stand for nothing. */
    @Test
    void aWildcardCoversTheNameBehindItsStar() {
        assertThat(check(
                        """
                        apiVersion: networking.istio.io/v1
                        kind: DestinationRule
                        spec: {host: '*api.example.com', subsets: [{name: v7}]}
                        """,
                        virtualService("v", "default", "hosts: [reviews]")
                                .replace("{host: reviews}", "{host: api.example.com, subset: v7}")))
                .isEmpty();
    }

    /** As the router takes it: a name without a dot is one of the rule's namespace, with a star in it too. */
    @Test
    void wildcardsWithoutADotAreShortForNamesOfTheirNamespaces() {
        assertThat(check(
                        virtualService("a", "one", "hosts: ['*shop']"), virtualService("b", "two", "hosts: ['*shop']")))
                .isEmpty();
    }

    @Test
    void warnsOfTheSameSubsetAndPolicyInTwoRules() {
        List<ConfigProblem> problems = check("""
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: z}
                spec:
                  host: reviews.default.svc.cluster.local
                  trafficPolicy: {loadBalancer: {simple: RANDOM}}
                  subsets:
                  - {name: v2}
                  - {name: v3}
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: zz}
                spec: {host: reviews, trafficPolicy: {loadBalancer: {simple: RANDOM}}}
                """);

        assertThat(problems)
                .extracting(ConfigProblem::message)
                .containsExactly(
                        "the subset \"v2\" of reviews.default.svc.cluster.local is defined at rules.yaml:9:45 already,"
                                + " which comes first by name: this one is ignored",
                        "the traffic policy of reviews.default.svc.cluster.local is given by default/z (rules.yaml:11:1)"
                                + " already, which comes first by name: this one is ignored");
    }

    @Test
    void warnsOfDelegatesThatAreNotThereOrNotToBeSeen() {
        String root = virtualService("root", "default", "hosts: [reviews]")
                .replace(
                        "- route: [{destination: {host: reviews}}]",
                        "- {match: [{uri: {prefix: /a}}], delegate: {name: absent}}\n"
                                + "  - {match: [{uri: {prefix: /b}}], delegate: {name: rooted, namespace: other}}\n"
                                + "  - {match: [{uri: {prefix: /c}}], delegate: {name: hidden, namespace: other}}\n"
                                + "  - {match: [{uri: {prefix: /d}}], delegate: {name: shown, namespace: other}}");

        List<ConfigProblem> problems = check(
                root,
                virtualService("rooted", "other", "hosts: [x]"),
                virtualService("hidden", "other", "hosts: [], exportTo: [.]"),
                virtualService("shown", "other", "hosts: [], exportTo: [default]"));

        assertThat(problems)
                .extracting(ConfigProblem::message)
                .satisfiesExactly(
                        first -> assertThat(first).contains("no VirtualService default/absent"),
                        second -> assertThat(second).contains("other/rooted", "has hosts"),
                        third -> assertThat(third).contains("other/hidden", "not exported to default"));
    }

    @Test
    void warnsOfNamesThatLookShortAndAreNot() {
        List<ConfigProblem> problems = check(virtualService("v", "default", "hosts: [reviews.default]"));

        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.path()).isEqualTo("spec.hosts[0]");
            assertThat(problem.fix()).isEqualTo("write reviews.default.svc.cluster.local");
        });
    }

    private static String virtualService(String name, String namespace, String fields) {
        StringBuilder spec = new StringBuilder();
        for (String field : fields.split(", ", -1)) {
            spec.append("  ").append(field).append('\n');
        }
        return """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: %s, namespace: %s}
                spec:
                %s  http:
                  - route: [{destination: {host: reviews}}]
                """.formatted(name, namespace, spec);
    }

    private static List<ConfigProblem> check(String... documents) {
        return all(documents).stream()
                .filter(problem -> problem.severity() != Severity.NOTE)
                .toList();
    }

    private static List<ConfigProblem> all(String... documents) {
        ConfigReader.Result result =
                ConfigReader.sensible().read("rules.yaml", REVIEWS + String.join("\n---\n", documents));
        assertThat(result.problems()).noneMatch(ConfigProblem::isError);
        return ConfigChecks.check(result.config(), "cluster.local");
    }
}
