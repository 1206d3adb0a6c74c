package io.inmesh.config.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigProblem;
import io.inmesh.model.ServiceEntry;
import io.inmesh.model.VirtualService;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text and keys without quotes, which Kubernetes may read as something else. */
class ConfigReaderQuotesTest {
    private final ConfigReader reader = ConfigReader.strict();

    @ParameterizedTest
    @ValueSource(strings = {"y", "no", "On", "010", "0b1", "1_000", "5", "1e3", "true", "0x1F", "1.5"})
    void refusesUnquotedTextThatKubernetesReadsAsSomethingElse(String plain) {
        ConfigReader.Result result = reader.read("rules.yaml", serviceEntryWithName(plain));

        assertThat(result.objects()).isEmpty();
        assertThat(result.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.path()).isEqualTo("spec.ports[0].name");
            assertThat(problem.fix()).isEqualTo("put it in quotes: \"" + plain + "\"");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"yess", "'y'", "1a", "\"5\"", "a.b", "2001-01-01x", "e5"})
    void takesOtherTextAsText(String plain) {
        ConfigReader.Result result = reader.read("rules.yaml", serviceEntryWithName(plain.replace(".", "-")));

        assertThat(result.problems()).isEmpty();
        assertThat(result.objects()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"y", "no", "On", "True", "010", "0b1", "1_000", "1e3", "0x1F", "+5", "1.50", "1.0"})
    void refusesUnquotedKeysThatKubernetesReadsAsSomethingElse(String key) {
        String queryParams = routeMatching("queryParams: {" + key + ": {exact: a}}");
        String labels = queryParams.replace("metadata: {", "metadata: {labels: {" + key + ": a}, ");

        for (String text : List.of(queryParams, labels)) {
            ConfigReader.Result refused = reader.read("rules.yaml", text);
            assertThat(refused.objects()).isEmpty();
            assertThat(refused.problems()).isNotEmpty().allSatisfy(problem -> {
                assertThat(problem.message()).startsWith("Kubernetes reads the unquoted key \"" + key + "\" as ");
                assertThat(problem.fix()).isEqualTo("put it in quotes: \"" + key + "\"");
            });

            ConfigReader.Result mended = reader.read("rules.yaml", text.replace(key + ":", "\"" + key + "\":"));
            assertThat(mended.problems()).isEmpty();
            VirtualService service = (VirtualService) mended.objects().get(0);
            assertThat(service.http().get(0).match().get(0).queryParams()).containsOnlyKeys(key);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"yess", "true", "200", "1.5", "-1", "a", "2001-01-01"})
    void takesOtherKeysAsTheyStand(String key) {
        ConfigReader.Result result = reader.read("rules.yaml", routeMatching("queryParams: {" + key + ": {exact: a}}"));

        assertThat(result.problems()).isEmpty();
        VirtualService service = (VirtualService) result.objects().get(0);
        assertThat(service.http().get(0).match().get(0).queryParams()).containsOnlyKeys(key);
    }

    private static String routeMatching(String match) {
        return """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: reviews}
                spec:
                  hosts: [reviews]
                  http:
                  - match:
                    - %s
                    route: [{destination: {host: reviews}}]
                """.formatted(match);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2001:db8::", "2001:db8::, 2001:db8::1", "2001:db8::2, 2001:db8::", "fe80::,fe80::1"})
    void anAddressThatEndsInColonsNeedsNoQuotesInAFlowList(String addresses) {
        ConfigReader.Result result =
                reader.read("rules.yaml", serviceEntryWithName("http") + "  addresses: [" + addresses + "]\n");

        assertThat(result.problems()).isEmpty();
        assertThat(((ServiceEntry) result.objects().get(0)).addresses()).containsExactly(addresses.split(", ?"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"addresses: [::1]", "addresses: [\"fe80::1\", ::]", "addresses: 2001:db8::"})
    void otherColonsThatNoReaderTakesAreRefusedWithTheQuotes(String field) {
        ConfigReader.Result result = reader.read("rules.yaml", serviceEntryWithName("http") + "  " + field + "\n");

        assertThat(result.objects()).isEmpty();
        assertThat(result.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.fix()).contains("\"::1\", needs quotes"));
    }

    @Test
    void aPairInAFlowListStaysAPair() {
        ConfigReader.Result result =
                reader.read("rules.yaml", serviceEntryWithName("http") + "  addresses: [2001:db8: , \"a\":]\n");

        assertThat(result.problems())
                .extracting(ConfigProblem::message)
                .containsExactly(
                        "addresses must be a string, this is a map", "addresses must be a string, this is a map");
    }

    private static String serviceEntryWithName(String name) {
        return """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: s}
                spec:
                  hosts: [a.example.com]
                  resolution: DNS
                  ports: [{number: 80, name: %s, protocol: HTTP}]
                """.formatted(name);
    }
}
