package io.inmesh.kubernetes;

import static io.inmesh.kubernetes.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.config.ConfigCheck;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.observe.SourceStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules that turn bad in the cluster (C14), under load over real sockets. */
class BadRulesInTheClusterTest extends ClusterRulesFixture {
    /** Ways in which a rule is bad. */
    enum Bad {
        /** RE2 refuses the expression. */
        REGEX("{\"match\": [{\"uri\": {\"regex\": \"([a-z\"}}], "
                + ROUTE.formatted("v2").substring(1)),
        /** Nothing would be chosen. */
        WEIGHTS("{\"route\": [{\"destination\": {\"host\": \"a\"}, \"weight\": 0},"
                + " {\"destination\": {\"host\": \"b\"}, \"weight\": 0}]}"),
        /** A field that there is not. */
        UNKNOWN_FIELD("{\"routes\": [{\"destination\": {\"host\": \"a\"}}]}"),
        /** A wrong type. */
        TYPE("{\"route\": {\"destination\": \"a\"}}"),
        /** Deeper than any rule. */
        NESTING("{\"match\": " + "[".repeat(200) + "]".repeat(200) + "}"),
        /** A header value that would end the header. */
        INJECTION(ROUTE.formatted("v2").substring(0, ROUTE.formatted("v2").length() - 1)
                + ", \"headers\": {\"request\": {\"set\": {\"x\": \"a\\r\\nevil: 1\"}}}}");

        private final String http;

        Bad(String http) {
            this.http = http;
        }
    }

    private void putPolicy(String policy) {
        server.put(DESTINATION_RULES, """
                {"metadata": {"name": "reviews", "namespace": "shop"},
                 "spec": {"host": "reviews", "trafficPolicy": {%s},
                   "subsets": [{"name": "v1", "labels": {"version": "v1"}}, {"name": "v2", "labels": {"version": "v2"}}]}}
                """.formatted(policy));
    }

    private Mesh started() {
        return mesh(KubernetesSettings.builder(), Mesh.builder(), ConfigReader.sensible());
    }

    /** Such a rule was left out whole after a restart, and its VirtualService answered every call with NC. */
    @Test
    void aRuleWithAFieldThatOnlyProtectsServesAfterARestart() {
        putServices();
        putPolicy("\"loadBalancer\": {\"warmup\": {\"duration\": \"3s\"}}");
        putRoute(ROUTE.formatted("v1"));

        for (int start = 0; start < 2; start++) {
            Mesh mesh = started();
            try (Load load = new Load(mesh)) {
                load.hasFailedNever();
            }
            assertThat(mesh.status().hasErrors()).isFalse();
            assertThat(mesh.status().problems()).anySatisfy(problem -> {
                assertThat(problem.object()).isEqualTo("DestinationRule shop/reviews");
                assertThat(problem.message()).startsWith("warmup is valid in Istio but not executed");
            });
        }
    }

    @Test
    void aVersionThatWouldRefuseCallsLeavesTheOneBeforeUntilARestart() {
        putServices();
        putRoute(ROUTE.formatted("v1"));
        Mesh running = started();

        try (Load load = new Load(running)) {
            load.some();
            putPolicy("\"tls\": {\"mode\": \"ISTIO_MUTUAL\"}");
            eventually(() -> assertThat(running.status().hasErrors()).isTrue());
            load.hasFailedNever();
        }
        Mesh restarted = started();

        assertThat(restarted.status().hasErrors()).isTrue();
        assertThat(restarted.status().sources())
                .filteredOn(source -> source.kind().equals("config"))
                .noneMatch(SourceStatus::current);
        assertThat(restarted
                        .explain("GET", "http://reviews:9080/", Map.of())
                        .why()
                        .toString())
                .contains("DestinationRule shop/reviews asks for tls.mode ISTIO_MUTUAL");
    }

    @ParameterizedTest
    @EnumSource(Bad.class)
    void aBadRuleLeavesItsLastGoodVersionAndTheOthers(Bad bad) {
        putServices();
        putRoute(ROUTE.formatted("v1"));
        Mesh mesh = mesh();
        try (Load load = new Load(mesh)) {
            load.some();

            String version = putRoute(bad.http);
            String name = "VirtualService/shop/reviews@" + version;
            eventually(() -> assertThat(errors(mesh)).isNotEmpty().allMatch(error -> error.startsWith(name)));
            assertThat(observer.rejections()).singleElement().satisfies(rejection -> {
                assertThat(rejection.source()).isEqualTo("kubernetes rules");
                assertThat(rejection.problems())
                        .allMatch(problem -> problem.origin().source().equals(name));
            });
            assertThat(mesh.status().sources())
                    .extracting(SourceStatus::current)
                    .containsExactly(false);

            putRule("other", "\"hosts\": [\"other\"], ", ROUTE.formatted("v2"));
            eventually(() -> assertThat(mesh.routes().toString()).contains("other"));
            load.hasFailedNever();
        }

        putRoute(ROUTE.formatted("v2"));
        eventually(() -> assertThat(answerOf(mesh)).isEqualTo("200 v2"));
        // The status follows the rules in force a moment later.
        eventually(() -> assertThat(mesh.status().problems())
                .as("there is no service other, whose calls would be for port 80")
                .extracting(ConfigProblem::check)
                .containsExactly(ConfigCheck.PORT_REQUIRED));
    }

    @Test
    void aDelegateThatDelegatesBackLeavesItsLastGoodVersion() {
        putServices();
        putRule("inner", "", ROUTE.formatted("v1"));
        putRoute("{\"delegate\": {\"name\": \"inner\"}}");
        Mesh mesh = mesh();
        try (Load load = new Load(mesh)) {
            load.some();

            String version = putRule("inner", "", "{\"delegate\": {\"name\": \"reviews\"}}");

            eventually(() -> assertThat(errors(mesh))
                    .isNotEmpty()
                    .allMatch(error -> error.startsWith("VirtualService/shop/inner@" + version))
                    .anyMatch(error -> error.contains("a delegate cannot delegate further")));
            load.hasFailedNever();
        }
    }

    @Test
    void tenThousandRoutesAreTakenWithoutAFailedCall() {
        putServices();
        putRoute(ROUTE.formatted("v1"));
        Mesh mesh = mesh();
        try (Load load = new Load(mesh)) {
            load.some();
            long before = mesh.status().generation();

            List<String> routes = new ArrayList<>(IntStream.range(0, 10_000)
                    .mapToObj(i -> "{\"match\": [{\"uri\": {\"prefix\": \"/never/" + i + "\"}}], "
                            + ROUTE.formatted("v2").substring(1))
                    .toList());
            routes.add(ROUTE.formatted("v1"));
            putRoute(String.join(", ", routes));

            eventually(() -> assertThat(mesh.status().generation()).isGreaterThan(before));
            load.hasFailedNever();
        }
        assertThat(mesh.status().hasErrors()).isFalse();
    }

    @Test
    void aMeshStartsWhileABadRuleIsThereAndLeavesItOut() {
        putServices();
        putRule("bad", "\"hosts\": [\"bad\"], ", Bad.REGEX.http);
        putRoute(ROUTE.formatted("v1"));

        Mesh mesh = mesh();

        assertThat(answerOf(mesh)).isEqualTo("200 v1");
        assertThat(errors(mesh))
                .singleElement()
                .asString()
                .startsWith("VirtualService/shop/bad@")
                .contains("spec.http[0].match[0].uri.regex")
                .endsWith("until then VirtualService shop/bad is left out");
    }

    @Test
    void aBadRuleThatIsDeletedIsNoProblemAnyMore() {
        putServices();
        putRoute(ROUTE.formatted("v1"));
        putRule("bad", "\"hosts\": [\"bad\"], ", Bad.WEIGHTS.http);
        Mesh mesh = mesh();
        assertThat(errors(mesh)).hasSize(1);

        server.delete(VIRTUAL_SERVICES, "shop", "bad");

        eventually(() -> assertThat(mesh.status().problems()).isEmpty());
        assertThat(mesh.status().sources()).extracting(SourceStatus::current).containsExactly(true);
    }
}
