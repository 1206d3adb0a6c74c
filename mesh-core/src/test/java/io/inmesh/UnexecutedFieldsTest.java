package io.inmesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.inmesh.config.ConfigException;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigUpdate;
import io.inmesh.config.UnsupportedFields;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.explain.EndpointState;
import io.inmesh.explain.Explanation;
import io.inmesh.explain.Explanation.Decision;
import io.inmesh.testing.FakeConfigSource;
import io.inmesh.testing.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What fields that are not executed cost: as little as is safe. */
class UnexecutedFieldsTest {
    private static final String SERVICE = """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: reviews}
            spec:
              hosts: [reviews.local]
              ports: [{number: 80, name: http, protocol: HTTP}, {number: 81, name: http-81, protocol: HTTP}]
              resolution: STATIC
              endpoints: [{address: 10.0.0.1, labels: {version: v1}}, {address: 10.0.0.2, labels: {version: v2}}]
            """;

    private static final String ROUTES = """
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: reviews}
            spec:
              hosts: [reviews.local]
              http:
              - match: [{uri: {prefix: /v1}}]
                route: [{destination: {host: reviews.local, subset: v1}}]
              - match: [{uri: {prefix: /v2}}]
                route: [{destination: {host: reviews.local, subset: v2}}]
              - match: [{uri: {prefix: /81}}]
                route: [{destination: {host: reviews.local, port: {number: 81}}}]
              - route: [{destination: {host: reviews.local}}]
            """;

    private static String destinationRule(String policy, String v1, String v2) {
        return """
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: reviews}
                spec:
                  host: reviews.local
                  trafficPolicy: {loadBalancer: {simple: RANDOM}%s}
                  subsets:
                  - {name: v1, labels: {version: v1}%s}
                  - {name: v2, labels: {version: v2}%s}
                """.formatted(policy, v1, v2);
    }

    private static Mesh mesh(UnsupportedFields unsupported, String yaml) {
        ConfigReader reader = ConfigReader.sensible().withUnsupported(unsupported);
        return Mesh.builder()
                .config(new TextConfigSource("rules.yaml", reader, Map.of("rules.yaml", yaml)))
                .build();
    }

    /** A mesh that does everything on the thread of the test. */
    private static Mesh.Builder builder() {
        return MeshTesting.manual(Mesh.builder(), new ManualClock(), new SplittableRandom(1));
    }

    private static Explanation explain(Mesh mesh, String path) {
        return mesh.explain("GET", "http://reviews.local" + path, Map.of());
    }

    /** One letter a path: sent on, or refused. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "', outlierDetection: {consecutive5xxErrors: 3}' | '' | '' | SSSS",
                "', loadBalancer: {consistentHash: {useSourceIp: true}}' | '' | '' | SSSS",
                "', tls: {mode: DISABLE}' | '' | '' | SSSS",
                "', tls: {mode: ISTIO_MUTUAL}' | '' | '' | RRRR",
                "', tls: {mode: ISTIO_MUTUAL}' | ', trafficPolicy: {tls: {mode: DISABLE}}' | '' | SRRR",
                "', tls: {mode: SIMPLE}' | ', trafficPolicy: {loadBalancer: {simple: RANDOM}}' | '' | RRRR",
                "'' | ', trafficPolicy: {tls: {mode: SIMPLE}}' | '' | RSSS",
                "', tls: {mode: SIMPLE}, portLevelSettings: [{port: {number: 81}, loadBalancer: {simple: RANDOM}}]'"
                        + " | '' | '' | RRSR",
                "', portLevelSettings: [{port: {number: 81}, tls: {mode: MUTUAL, clientCertificate: a, privateKey: b}}]'"
                        + " | '' | '' | SSRS",
                "', tunnel: {targetHost: a.local, targetPort: 443}' | '' | '' | RRRR",
                "'' | '' | ', trafficPolicy: {proxyProtocol: {}}' | SRSS"
            })
    void onlyCallsWhosePolicyAsksForTheUnsafeAreRefused(String policy, String v1, String v2, String expected) {
        String rule = destinationRule(policy, v1, v2);
        String yaml = policy.contains("consistentHash") ? rule.replace("loadBalancer: {simple: RANDOM}, ", "") : rule;

        try (Mesh mesh = mesh(UnsupportedFields.SENSIBLE, SERVICE + ROUTES + yaml);
                Mesh warned = mesh(UnsupportedFields.WARN, SERVICE + ROUTES + yaml)) {
            StringBuilder seen = new StringBuilder();
            for (String path : List.of("/v1", "/v2", "/81", "/")) {
                Explanation explanation = explain(mesh, path);
                seen.append(explanation.decision() == Decision.REFUSED ? 'R' : 'S');
                assertThat(explanation.decision()).isIn(Decision.REFUSED, Decision.FORWARD);
                assertThat(explain(warned, path).decision()).isEqualTo(Decision.FORWARD);
            }
            assertThat(seen).hasToString(expected);
            boolean refuses = expected.contains("R");
            assertThat(mesh.status().sources().get(0).current()).isEqualTo(!refuses);
            assertThat(warned.status().hasErrors()).isFalse();
        }
    }

    @Test
    void aRefusalNamesTheRuleAndTheField() {
        String tls = destinationRule("", ", trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}", "");

        try (Mesh mesh = mesh(UnsupportedFields.SENSIBLE, SERVICE + ROUTES + tls)) {
            Explanation refused = explain(mesh, "/v1");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.cluster()).isEqualTo("outbound|80|v1|reviews.local");
            assertThat(refused.why())
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("DestinationRule default/reviews asks for tls.mode ISTIO_MUTUAL, which this"
                                    + " version of InMesh does not execute"))
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("DestinationRule default/reviews: spec.subsets[0].trafficPolicy.tls.mode")
                            .endsWith("is not executed: calls that it concerns are refused, since without it calls go"
                                    + " out in plaintext and without a client certificate"));
            assertThat(mesh.status().problems())
                    .extracting(ConfigProblem::object, ConfigProblem::path)
                    .containsExactly(org.assertj.core.api.Assertions.tuple(
                            "DestinationRule default/reviews", "spec.subsets[0].trafficPolicy.tls.mode"));
        }
    }

    @Test
    void anAbortWithAGrpcStatusRefusesTheCallsThatItIsToHitAndNoOthers() {
        String routes = ROUTES.replace(
                "  - match: [{uri: {prefix: /v1}}]\n",
                "  - match: [{uri: {prefix: /v1}}]\n"
                        + "    fault: {abort: {grpcStatus: UNAVAILABLE, percentage: {value: 100}}}\n");
        String yaml = SERVICE + routes + destinationRule("", "", "");

        try (Mesh mesh = mesh(UnsupportedFields.SENSIBLE, yaml);
                Mesh warned = mesh(UnsupportedFields.WARN, yaml)) {
            assertThat(explain(mesh, "/v1").decision()).isEqualTo(Decision.REFUSED);
            assertThat(explain(mesh, "/v1").why())
                    .anySatisfy(line -> assertThat(line)
                            .contains("VirtualService default/reviews asks for an abort with gRPC status UNAVAILABLE"));
            assertThat(explain(mesh, "/v2").decision()).isEqualTo(Decision.FORWARD);
            assertThat(explain(warned, "/v1").decision()).isEqualTo(Decision.FORWARD);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ", percentage: {}", ", percentage: {value: 0}"})
    void anAbortThatHitsNoCallIsNoProblem(String percentage) {
        String yaml = SERVICE
                + ROUTES.replace(
                        "  - match: [{uri: {prefix: /v1}}]\n",
                        "  - match: [{uri: {prefix: /v1}}]\n    fault: {abort: {grpcStatus: ABORTED" + percentage
                                + "}}\n")
                + destinationRule("", "", "");

        try (Mesh mesh = mesh(UnsupportedFields.SENSIBLE, yaml)) {
            assertThat(mesh.status().hasErrors()).isFalse();
            assertThat(mesh.status().sources().get(0).current()).isTrue();
            assertThat(explain(mesh, "/v1").decision()).isEqualTo(Decision.FORWARD);
        }
    }

    @Test
    void anEndpointThatCannotBeReachedIsToldOnceAndTheOthersGetTheCalls() {
        String service = SERVICE.replace("{address: 10.0.0.1,", "{address: 'unix:///run/a.sock',")
                .replace(", {number: 81, name: http-81, protocol: HTTP}", "");

        try (Mesh mesh = mesh(UnsupportedFields.SENSIBLE, service)) {
            assertThat(mesh.status().problems()).singleElement().satisfies(problem -> {
                assertThat(problem.isError()).isTrue();
                assertThat(problem.path()).isEqualTo("spec.endpoints[0].address");
                assertThat(problem.message()).contains("unix:///run/a.sock");
            });
            assertThat(explain(mesh, "/").endpoints())
                    .extracting(EndpointState::hostPort)
                    .containsExactly("10.0.0.2:80");
        }
    }

    /** Bad rules do not take down good traffic: a new version that would refuse calls is as good as a refused one. */
    @Test
    void theVersionBeforeStaysWhereANewOneWouldRefuseCallsAndTheOtherObjectsOfTheUpdateAreTaken() {
        String plain = SERVICE + ROUTES + destinationRule("", "", "");
        String tls = SERVICE + ROUTES.replace("/v2", "/second") + destinationRule(", tls: {mode: SIMPLE}", "", "");
        TextConfigSource source = TextConfigSource.of("rules.yaml", plain);

        try (Mesh mesh = builder().config(source).build()) {
            source.update(Map.of("rules.yaml", tls));

            assertThat(explain(mesh, "/second").cluster()).isEqualTo("outbound|80|v2|reviews.local");
            assertThat(explain(mesh, "/second").decision()).isEqualTo(Decision.FORWARD);
            assertThat(mesh.status().hasErrors()).isTrue();
            assertThat(mesh.status().sources().get(0).current()).isFalse();

            source.update(Map.of("rules.yaml", plain));
            assertThat(mesh.status().hasErrors()).isFalse();
            assertThat(mesh.status().sources().get(0).current()).isTrue();
        }
    }

    @Test
    void workloadEntriesStayWhereTheVersionBeforeOfARuleDoes() {
        String selecting = SERVICE.replaceAll("endpoints: .*", "workloadSelector: {labels: {app: reviews}}")
                .replace(", {number: 81, name: http-81, protocol: HTTP}", "");
        String workload = """
                ---
                apiVersion: networking.istio.io/v1
                kind: WorkloadEntry
                metadata: {name: reviews-1}
                spec: {address: 10.0.0.7, labels: {app: reviews, version: v1}}
                """;
        String plain = selecting + workload + destinationRule("", "", "");
        String tls = selecting + workload + destinationRule(", tls: {mode: SIMPLE}", "", "");
        TextConfigSource source = TextConfigSource.of("rules.yaml", plain);

        try (Mesh mesh = builder().config(source).build()) {
            source.update(Map.of("rules.yaml", tls));

            assertThat(explain(mesh, "/").endpoints())
                    .extracting(EndpointState::hostPort)
                    .containsExactly("10.0.0.7:80");
        }
    }

    /** Without fail-fast, too, a second mistake costs nothing that was in force before it. */
    @Test
    void whatWasGoodOfABrokenSourceStaysWhenMoreOfItBreaks() {
        String broken = ROUTES.replace("metadata: {name: reviews}", "metadata: {name: other}")
                .replace("hosts: [reviews.local]", "hosts: [other.local]\n  nonsense: 1");
        String good = SERVICE + destinationRule("", "", "") + ROUTES + broken;
        TextConfigSource source = TextConfigSource.of("rules.yaml", good);

        try (Mesh mesh = builder().config(source).failFast(false).build()) {
            assertThat(explain(mesh, "/v1").cluster()).isEqualTo("outbound|80|v1|reviews.local");

            source.update(Map.of("rules.yaml", good.replace("hosts: [reviews.local]\n", "hosts: {}\n")));
            assertThat(explain(mesh, "/v1").cluster()).isEqualTo("outbound|80|v1|reviews.local");

            source.update(Map.of("rules.yaml", "nothing: [that, can, be, read"));
            assertThat(explain(mesh, "/v1").cluster()).isEqualTo("outbound|80|v1|reviews.local");

            source.update(Map.of("rules.yaml", SERVICE));
            assertThat(explain(mesh, "/v1").cluster()).isEqualTo("outbound|80||reviews.local");
            assertThat(mesh.status().hasErrors()).isFalse();
        }
    }

    @Test
    void aMeshThatIsToStartComesUpWithWhatIsGoodOfABrokenSource() {
        String broken = SERVICE + destinationRule("", "", "").replace("simple: RANDOM", "simpel: RANDOM");
        TextConfigSource source = TextConfigSource.of("rules.yaml", broken);

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> Mesh.builder()
                        .config(TextConfigSource.of("rules.yaml", broken))
                        .build())
                .withMessageContaining("simpel");
        try (Mesh mesh = builder().config(source).failFast(false).build()) {
            assertThat(explain(mesh, "/").decision()).isEqualTo(Decision.FORWARD);
            assertThat(mesh.status().problems()).singleElement().satisfies(problem -> {
                assertThat(problem.isError()).isTrue();
                assertThat(problem.object()).isEqualTo("DestinationRule default/reviews");
            });
            assertThat(mesh.status().sources().get(0).current()).isFalse();

            source.update(Map.of("rules.yaml", SERVICE + ROUTES + destinationRule("", "", "")));
            assertThat(explain(mesh, "/v1").cluster()).isEqualTo("outbound|80|v1|reviews.local");
            source.update(Map.of("rules.yaml", broken));
            assertThat(mesh.status().hasErrors()).isTrue();
            assertThat(explain(mesh, "/v1").cluster())
                    .as("the last good rules, not what is good of the newest")
                    .isEqualTo("outbound|80|v1|reviews.local");
        }
    }

    @Test
    void aMeshThatIsToStartDoesSoWithoutASourceThatSaysNothing() {
        FakeConfigSource silent = new FakeConfigSource("silent");

        try (Mesh mesh = builder()
                .config(silent)
                .config(TextConfigSource.of("rules.yaml", SERVICE))
                .failFast(false)
                .firstAnswerWait(Duration.ZERO)
                .build()) {
            assertThat(explain(mesh, "/").decision()).isEqualTo(Decision.FORWARD);
            assertThat(mesh.status().problems())
                    .singleElement()
                    .asString()
                    .contains("silent: error: nothing was heard from this source");

            silent.tell(new ConfigUpdate.Valid(
                    ConfigReader.sensible()
                            .read("late", ROUTES + destinationRule("", "", ""))
                            .config(),
                    new ArrayList<>()));
            assertThat(mesh.status().hasErrors()).isFalse();
            assertThat(explain(mesh, "/v1").cluster()).isEqualTo("outbound|80|v1|reviews.local");
        }
    }
}
