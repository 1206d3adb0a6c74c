package io.inmesh.samples.bookinfo;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigProblem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rule files of Istio's own bookinfo sample, byte for byte. But for that of the gateway they are not part of this
 * repository; the property {@code bookinfo.originals} says where they are.
 */
@EnabledIf(value = "originalsAreThere", disabledReason = "no folder with Istio's own bookinfo rule files")
class OriginalRuleFilesTest extends RuleFilesContract {
    private static final Path ORIGINALS =
            Path.of(System.getProperty("bookinfo.originals", "")).normalize();

    static boolean originalsAreThere() {
        boolean there = Files.isRegularFile(ORIGINALS.resolve("destination-rule-all.yaml"));
        if (!there) {
            System.out.println("Istio's own bookinfo rule files are not at " + ORIGINALS
                    + ": not tested; they are samples/bookinfo/networking in Istio's public repository, and"
                    + " -Dbookinfo.originals=DIR says where a copy is");
        }
        return there;
    }

    @Override
    Path files() {
        return ORIGINALS;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "virtual-service-ratings-db.yaml",
                "virtual-service-ratings-mysql.yaml",
                "virtual-service-ratings-mysql-vm.yaml"
            })
    void versionsOfRatingsThatDoNotRunAreUnavailable(String file) {
        apply("ratings", file);

        assertThat(bookinfo.page(null).body())
                .contains("reviews-v3 at", "Ratings service is currently unavailable")
                .doesNotContain("<svg", "Error fetching");
    }

    @Test
    void versionOfDetailsThatDoesNotRunIsUnavailable() {
        apply("details", "virtual-service-details-v2.yaml");

        assertThat(bookinfo.page(null).body()).contains("Error fetching product details!");
    }

    @Test
    void rulesForGatewaysDoNotTouchCallsBetweenServices() {
        apply("reviews", "virtual-service-reviews-v3.yaml");
        drop("bookinfo-gateway.yaml");
        drop("certmanager-gateway.yaml");
        apply("ratings", "virtual-service-ratings-test-abort.yaml");

        assertThat(errors()).isEmpty();
        assertThat(bookinfo.page(null).body()).contains("reviews-v3 at", "red stars");
    }

    @Test
    void mutualTlsIsRefusedByName() {
        apply("reviews", "virtual-service-reviews-v3.yaml");
        drop("destination-rule-all-mtls.yaml");
        bookinfo.awaitEverywhere(mesh -> mesh.status().hasErrors());

        for (int line : new int[] {9, 23, 43, 66}) {
            assertThat(errors())
                    .anySatisfy(error -> assertThat(error)
                            .contains(
                                    "destination-rule-all-mtls.yaml:" + line,
                                    "spec.trafficPolicy.tls.mode",
                                    "ISTIO_MUTUAL"));
        }
        assertThat(bookinfo.page(null).body()).contains("reviews-v3 at", "red stars");
    }

    @Test
    void tlsTowardsTheOutsideIsRefusedByName() {
        apply("reviews", "virtual-service-reviews-v3.yaml");
        drop("egress-rule-google-apis.yaml");
        bookinfo.awaitEverywhere(mesh -> mesh.status().hasErrors());

        assertThat(errors())
                .anySatisfy(error -> assertThat(error)
                        .contains("egress-rule-google-apis.yaml", "spec.trafficPolicy.portLevelSettings[0].tls"));
        assertThat(bookinfo.page(null).body()).contains("reviews-v3 at", "red stars");
    }

    private List<String> errors() {
        return bookinfo.mesh(Instance.PRODUCTPAGE_V1).status().problems().stream()
                .filter(ConfigProblem::isError)
                .map(ConfigProblem::toString)
                .toList();
    }
}
