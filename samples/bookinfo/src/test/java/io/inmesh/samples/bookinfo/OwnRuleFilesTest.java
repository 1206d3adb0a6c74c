package io.inmesh.samples.bookinfo;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigProblem;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rule files that the sample ships. */
class OwnRuleFilesTest extends RuleFilesContract {

    @Override
    Path files() {
        return Path.of("rules-library");
    }

    @Test
    void aLaterFileReplacesTheRuleOfTheSameNameUntilItIsRemoved() {
        apply("reviews", "virtual-service-reviews-v3.yaml");
        apply("reviews", "virtual-service-all-v1.yaml");
        assertThat(bookinfo.page(null).body()).contains("reviews-v1 at");
        assertThat(bookinfo.mesh(Instance.PRODUCTPAGE_V1).status().problems()).anySatisfy(problem -> {
            assertThat(problem.severity()).isEqualTo(ConfigProblem.Severity.WARNING);
            assertThat(problem.toString()).contains("virtual-service-reviews-v3.yaml", "virtual-service-all-v1.yaml");
        });
        assertThat(bookinfo.page(null).body())
                .contains("Rules are in force, with warnings", "virtual-service-all-v1.yaml")
                .doesNotContain("Rules have errors");

        bookinfo.remove("virtual-service-all-v1.yaml");
        bookinfo.awaitRule("reviews", "virtual-service-reviews-v3.yaml");
        assertThat(bookinfo.page(null).body()).contains("reviews-v3 at").doesNotContain("with warnings");
    }

    @Test
    void aBrokenFileIsShownAndTheLastGoodRulesStay() {
        apply("reviews", "virtual-service-reviews-v3.yaml");

        bookinfo.write("broken.yaml", """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata:
                  name: details
                spec:
                  hosts: [details]
                  http:
                  - rout:
                    - destination: {host: details}
                """);
        bookinfo.awaitEverywhere(mesh -> mesh.status().hasErrors());

        assertThat(errors()).anySatisfy(error -> assertThat(error).contains("broken.yaml:8", "rout"));
        assertThat(bookinfo.page(null).body())
                .contains(
                        "Rules have errors; for what is refused the last good ones stay in force",
                        "broken.yaml:8",
                        "reviews-v3 at");
        assertThat(bookinfo.get(Instance.PRODUCTPAGE_V1, "/actuator/health").body())
                .startsWith("{")
                .contains("\"status\":\"UP\"", "broken.yaml");

        bookinfo.remove("broken.yaml");
        bookinfo.awaitEverywhere(mesh -> !mesh.status().hasErrors());
        assertThat(bookinfo.page(null).body()).doesNotContain("Rules have errors");
    }

    @Test
    void rulesThatNeedTlsAreRefusedByName() {
        apply("reviews", "virtual-service-reviews-v3.yaml");

        bookinfo.write("mutual-tls.yaml", """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata:
                  name: ratings
                spec:
                  host: ratings
                  trafficPolicy:
                    tls:
                      mode: ISTIO_MUTUAL
                """);
        bookinfo.awaitEverywhere(mesh -> mesh.status().hasErrors());

        assertThat(errors())
                .anySatisfy(error -> assertThat(error).contains("mutual-tls.yaml", "spec.trafficPolicy.tls"));
        assertThat(bookinfo.page(null).body()).contains("reviews-v3 at", "red stars");
    }

    private List<String> errors() {
        return bookinfo.mesh(Instance.PRODUCTPAGE_V1).status().problems().stream()
                .filter(ConfigProblem::isError)
                .map(ConfigProblem::toString)
                .toList();
    }
}
