package io.inmesh.internal.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.internal.manifest.Manifests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The line of a problem holds its field, or the nearest written thing above it where the field is missing. */
@Tag("one-jdk")
class ProblemLinesTest {
    /** Recorded rules that are not part of the project, where there are any: beside the checkout. */
    private static final List<Path> MORE = Stream.of("conformance-gateway", "conformance-traffic")
            .map(Path.of(System.getProperty("inmesh.recorded", "../../shared/data"))::resolve)
            .toList();

    private static final Pattern STEP = Pattern.compile("\\.?([^.\\[\\]\"]+)|\\[(\\d+)]|\\[\"(.*?)\"]");

    @ParameterizedTest
    @MethodSource("recordedRules")
    void everyLineHoldsItsField(Path file) throws IOException {
        String text = Files.readString(file);

        for (ConfigReader reader : List.of(ConfigReader.strict(), ConfigReader.sensible())) {
            ConfigReader.Result result = reader.read(file.getFileName().toString(), text);
            List<ConfigProblem> problems = new ArrayList<>(result.problems());
            problems.addAll(ConfigChecks.check(result.config(), "cluster.local"));
            problems.addAll(FileChecks.check(CheckedFiles.of(
                    result.config(), Manifests.read(Map.of("rules.yaml", text), "default"), "cluster.local")));

            assertThat(problems)
                    .filteredOn(problem -> !problem.path().isEmpty())
                    .allSatisfy(problem -> assertThat(lineHolds(problem, text))
                            .as("%s at: %s", problem, line(problem, text))
                            .isTrue());
        }
    }

    @Test
    void aLineElsewhereIsFoundOut() {
        String text = "spec:\n  http:\n  - match: []\n    mirror:\n      subset: v1\n";

        assertThat(lineHolds(problem(5, "spec.http[0].mirror.subset"), text)).isTrue();
        assertThat(lineHolds(problem(3, "spec.http[0].mirror.subset"), text)).isFalse();
        assertThat(lineHolds(problem(4, "spec.http[0].mirror.host"), text)).isTrue();
        assertThat(lineHolds(problem(3, "spec.http[0].mirror.host"), text)).isFalse();
        assertThat(lineHolds(problem(3, "spec.http[0]"), text)).isTrue();
    }

    static List<Path> recordedRules() throws Exception {
        List<Path> files = new ArrayList<>();
        for (String folder : List.of("/validation", "/conformance")) {
            Path root = Path.of(ProblemLinesTest.class.getResource(folder).toURI());
            try (Stream<Path> all = Files.walk(root)) {
                all.filter(path -> path.toString().endsWith(".yaml")).sorted().forEach(files::add);
            }
        }
        assertThat(files).hasSizeGreaterThan(300);
        for (Path root : MORE) {
            if (!Files.isDirectory(root)) {
                LoggerFactory.getLogger(ProblemLinesTest.class)
                        .info("Left out: further recorded rules, for lack of {}", root);
                continue;
            }
            try (Stream<Path> all = Files.walk(root)) {
                all.filter(path -> path.toString().endsWith(".yaml")).sorted().forEach(files::add);
            }
        }
        return files;
    }

    private static ConfigProblem problem(int line, String path) {
        return new ConfigProblem(
                ConfigProblem.Severity.WARNING, new io.inmesh.model.Origin("x", line, 1), path, "message", "");
    }

    private static String line(ConfigProblem problem, String text) {
        return text.lines().toList().get(problem.origin().line() - 1);
    }

    /** Goes down the path as far as it is written; what has no spec is named by its first line. */
    private static boolean lineHolds(ConfigProblem problem, String text) {
        String line = line(problem, text);
        List<String> lines = text.lines().toList();
        int document = (int) lines.subList(0, problem.origin().line()).stream()
                        .filter(one -> one.startsWith("---"))
                        .count()
                - (lines.stream()
                                .filter(one -> !one.isBlank() && !one.startsWith("#"))
                                .findFirst()
                                .orElse("")
                                .startsWith("---")
                        ? 1
                        : 0);
        @Nullable Object at = documents(text).get(document);
        String name = "";
        boolean item = false;
        Matcher step = STEP.matcher(problem.path());
        while (step.find()) {
            Object next;
            if (step.group(2) != null) {
                int index = Integer.parseInt(step.group(2));
                next = at instanceof List<?> list && index < list.size() ? list.get(index) : null;
            } else {
                String key = step.group(1) != null ? step.group(1) : step.group(3);
                next = at instanceof Map<?, ?> map ? map.get(key) : null;
            }
            if (next == null && !(at instanceof Map<?, ?> map && map.containsKey(step.group(1)))) {
                break;
            }
            item = step.group(2) != null;
            name = item ? name : step.group(1) != null ? step.group(1) : step.group(3);
            at = next;
        }
        if (name.isEmpty()) {
            return line.startsWith("apiVersion:");
        }
        return line.contains(name) || item && line.strip().startsWith("-");
    }

    private static List<Object> documents(String text) {
        List<Object> documents = new ArrayList<>();
        new Load(LoadSettings.builder().setAllowDuplicateKeys(true).build())
                .loadAllFromString(text)
                .forEach(documents::add);
        return documents;
    }
}
