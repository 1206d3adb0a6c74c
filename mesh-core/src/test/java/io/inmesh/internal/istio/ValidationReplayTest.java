package io.inmesh.internal.istio;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.UnsupportedFields;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.config.source.ConfigReader.Result;
import io.inmesh.model.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Replays the verdicts of Istio's own validation over good rules with one change each. */
class ValidationReplayTest {
    private static final Set<String> BARE_LETTERS =
            Set.of("virtualservice-044.yaml", "gateway-332.yaml", "requestauthentication-396.yaml");

    /** @param valid what Istio says */
    record Case(String file, String changed, boolean valid, List<String> istio) {
        @Override
        public String toString() {
            return file + " (" + changed + ")";
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void refusesWhatIstioRefusesAndMoreOnlyByName(Case one) throws IOException {
        Result result = ConfigReader.strict().forGateway().read(one.file, text(one.file));

        if (!one.valid) {
            assertThat(result.hasErrors()).as("Istio says %s", one.istio).isTrue();
            assertThat(result.objects()).isEmpty();
        } else if (result.hasErrors()) {
            assertThat(errors(result))
                    .extracting(ConfigProblem::message)
                    .allMatch(text -> text.contains(NotExecuted.MESSAGE));
            assertThat(errors(result)).extracting(ConfigProblem::path).noneMatch(String::isEmpty);
        } else {
            assertThat(result.objects()).hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void lenientlyAcceptsExactlyWhatIstioAccepts(Case one) throws IOException {
        Result result = ConfigReader.sensible()
                .withUnsupported(UnsupportedFields.WARN)
                .forGateway()
                .read(one.file, text(one.file));

        assertThat(errors(result).isEmpty()).as("%s", result.problems()).isEqualTo(one.valid);
        assertThat(result.objects()).hasSize(one.valid ? 1 : 0);
    }

    /** What Istio accepts is in force, if not with every field; an error then comes with a field that is skipped. */
    @ParameterizedTest
    @MethodSource("cases")
    void sensiblyKeepsExactlyTheObjectsThatIstioAccepts(Case one) throws IOException {
        Result result = ConfigReader.sensible().forGateway().read(one.file, text(one.file));

        assertThat(result.leavesOut()).as("%s", result.problems()).isEqualTo(!one.valid);
        assertThat(result.objects()).hasSize(one.valid ? 1 : 0);
        if (one.valid && result.hasErrors()) {
            assertThat(result.objects().get(0).meta().skipped()).isNotEmpty();
        }
    }

    /** For the security kinds nothing is ever just missing. */
    @ParameterizedTest
    @MethodSource("cases")
    void aPolicyThatIsRefusedHasAStandInThatRefusesItsRequests(Case one) throws IOException {
        Result result = ConfigReader.strict().forGateway().read(one.file, text(one.file));

        boolean policy = one.file.startsWith("authorizationpolicy") || one.file.startsWith("requestauthentication");
        assertThat(result.standIns()).hasSize(policy && result.leavesOut() ? 1 : 0);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyProblemHasPlaceMessageAndFix(Case one) throws IOException {
        Result result = ConfigReader.strict().forGateway().read(one.file, text(one.file));

        assertThat(result.problems()).allSatisfy(problem -> {
            assertThat(problem.origin().source()).isEqualTo(one.file);
            assertThat(problem.origin().line()).isPositive();
            assertThat(problem.origin().column()).isPositive();
            assertThat(problem.path()).startsWith("spec");
            assertThat(problem.message()).isNotBlank();
            assertThat(problem.fix()).isNotBlank();
        });
    }

    /** The one difference: a JSON-shaped tree cannot tell an unquoted n or y from a quoted one. */
    @ParameterizedTest
    @MethodSource("cases")
    void treesAreReadLikeText(Case one) throws IOException {
        Object tree = new Load(LoadSettings.builder().build()).loadFromString(text(one.file));

        Result ofTree = ConfigReader.strict().forGateway().readTree(one.file, tree);
        Result ofText = ConfigReader.strict().forGateway().read(one.file, text(one.file));

        if (!BARE_LETTERS.contains(one.file)) {
            assertThat(ofTree.problems())
                    .extracting(ConfigProblem::severity, ConfigProblem::path, ConfigProblem::message)
                    .containsExactlyInAnyOrderElementsOf(ofText.problems().stream()
                            .map(problem -> Tuple.tuple(problem.severity(), problem.path(), problem.message()))
                            .toList());
            assertThat(ofTree.problems())
                    .allSatisfy(problem -> assertThat(problem.origin()).isEqualTo(new Origin(one.file, 0, 0)));
        }
    }

    @Test
    void theCasesAreAllThere() throws IOException {
        assertThat(cases()).hasSize(201).anyMatch(Case::valid).anyMatch(one -> !one.valid);
    }

    static Stream<Case> cases() throws IOException {
        return text("expected.jsonl").lines().map(ValidationReplayTest::parse);
    }

    private static List<ConfigProblem> errors(Result result) {
        return result.problems().stream().filter(ConfigProblem::isError).toList();
    }

    /** A line of JSON is a line of YAML. */
    private static Case parse(String line) {
        Map<?, ?> json = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(line);
        List<String> istio =
                ((List<?>) json.get("istio")).stream().map(String::valueOf).toList();
        return new Case(
                String.valueOf(json.get("file")),
                String.valueOf(json.get("changed")),
                Boolean.TRUE.equals(json.get("valid")),
                istio);
    }

    private static String text(String file) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(ValidationReplayTest.class.getResourceAsStream("/validation/" + file), file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
