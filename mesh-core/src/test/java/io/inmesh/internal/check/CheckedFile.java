package io.inmesh.internal.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigCheck;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.internal.manifest.Manifests;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A text with rules in which nothing is refused, and what is found across its objects. */
record CheckedFile(String text, List<ConfigProblem> problems) {
    /** Reads and checks documents, a text each. */
    static CheckedFile of(String... documents) {
        String text = Arrays.stream(documents).map(String::strip).collect(Collectors.joining("\n---\n"));
        ConfigReader.Result result = ConfigReader.sensible().read("rules.yaml", text);
        assertThat(result.problems()).noneMatch(ConfigProblem::isError);
        Manifests manifests = Manifests.read(Map.of("rules.yaml", text), "default");
        return new CheckedFile(text, FileChecks.check(CheckedFiles.of(result.config(), manifests, "cluster.local")));
    }

    /** The same file in which one text is written differently, such as a remedy tells. */
    CheckedFile with(String written, String instead) {
        assertThat(text).contains(written);
        return of(text.replace(written, instead));
    }

    /** Problems of some kinds, {@code line path: message; fix} each. */
    List<String> lines(ConfigCheck... checks) {
        return problems.stream()
                .filter(problem -> Arrays.asList(checks).contains(problem.check()))
                .map(problem -> problem.origin().line() + " " + problem.path() + ": " + problem.message() + "; "
                        + problem.fix())
                .toList();
    }

    /** Names of the checks of all problems that are no notes. */
    List<ConfigCheck> checks() {
        return problems.stream()
                .filter(problem -> problem.severity() != ConfigProblem.Severity.NOTE)
                .map(ConfigProblem::check)
                .toList();
    }
}
