package io.inmesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.inmesh.config.ConfigCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * docs/checks.md has a section for each check, {@code ## id (code)}, in any order. A section is prose, then the words
 * {@code Wrong:} and {@code Right:}, each with one block of YAML below it; options of {@code check} may stand before the
 * colon, as in {@code Wrong, with `--gateway`:}. A check of which there can be no example has a paragraph that begins with
 * {@code No example:} instead.
 */
class DocumentedChecksTest {
    private static final Path DOCUMENT = Path.of("../docs/checks.md");
    private static final Pattern HEADING = Pattern.compile("^## (.*)$", Pattern.MULTILINE);
    private static final Pattern EXAMPLE = Pattern.compile(
            "^(Wrong|Right)(?:, with `(.*)`)?:\n\n```yaml\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    @TempDir
    Path folder;

    private record Example(String word, List<String> options, String text) {}

    private record Section(String heading, String text) {
        ConfigCheck check() {
            return Stream.of(ConfigCheck.values())
                    .filter(check -> heading.equals(headingOf(check)))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no check has the heading " + heading));
        }

        List<Example> examples() {
            return EXAMPLE.matcher(text)
                    .results()
                    .map(found -> new Example(found.group(1), options(found), found.group(3)))
                    .toList();
        }

        private static List<String> options(MatchResult found) {
            return found.group(2) == null ? List.of() : List.of(found.group(2).split(" "));
        }

        @Override
        public String toString() {
            return heading;
        }
    }

    static List<Section> sections() throws IOException {
        String document = Files.readString(DOCUMENT);
        List<Section> sections = new ArrayList<>();
        Matcher heading = HEADING.matcher(document);
        int start = -1;
        String name = "";
        while (heading.find()) {
            if (start >= 0) {
                sections.add(new Section(name, document.substring(start, heading.start())));
            }
            name = heading.group(1);
            start = heading.end();
        }
        sections.add(new Section(name, document.substring(start)));
        return sections;
    }

    private static String headingOf(ConfigCheck check) {
        return check.id() + (check.istioCode().isEmpty() ? "" : " (" + check.istioCode() + ")");
    }

    @Test
    void everyCheckHasOneSectionAndEverySectionACheck() throws IOException {
        assertThat(sections())
                .extracting(Section::heading)
                .containsExactlyInAnyOrderElementsOf(Stream.of(ConfigCheck.values())
                        .map(DocumentedChecksTest::headingOf)
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("sections")
    void theWrongExampleHasThisFindingAloneAndTheRightOneNone(Section section) throws IOException {
        List<Example> examples = section.examples();
        if (examples.isEmpty()) {
            assertThat(section.text()).contains("\nNo example: ").doesNotContain("```");
            return;
        }
        assertThat(examples).extracting(Example::word).containsExactly("Wrong", "Right");
        assertThat(section.text().split("```yaml", -1)).as("blocks").hasSize(3);
        assertThat(found(examples.get(0)))
                .isNotEmpty()
                .containsOnly(section.check().id());
        assertThat(found(examples.get(1))).isEmpty();
    }

    /** Ids of what is found, and whole lines of what is said of a right example. */
    private List<String> found(Example example) throws IOException {
        Files.writeString(folder.resolve("rules.yaml"), example.text());
        List<String> arguments = new ArrayList<>(List.of("check", "--output", "json"));
        arguments.addAll(example.options());
        arguments.add(folder.toString());
        CommandRun run = CommandRun.of(arguments.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isLessThan(2);
        return run.lines().stream()
                .map(line -> {
                    String id = JsonParser.parseString(line)
                            .getAsJsonObject()
                            .get("check")
                            .getAsString();
                    return example.word().equals("Right") ? line : id;
                })
                .toList();
    }
}
