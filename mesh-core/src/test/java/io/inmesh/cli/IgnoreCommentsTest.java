package io.inmesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Comments that leave findings out. */
class IgnoreCommentsTest {
    private static final String FIRST = """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: reviews}
            spec:
              host: reviews
              subsets:
              - {name: v1}
              - {name: v2}
            """;

    private static final String SECOND = """
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: ratings}
            spec: {host: ratings, subsets: [{name: v1}]}
            """;

    private static final String COMMENT = "# inmesh:ignore subset-without-effect they come later";

    @TempDir
    Path folder;

    private List<String> found(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("rules.yaml"), text);
        return CommandRun.of("check", folder.toString()).lines().stream()
                .map(line -> line.substring(file.toString().length() + 1))
                .toList();
    }

    @Test
    void onTheLineAndBeforeItAndBeforeTheDocument() throws IOException {
        assertThat(found(FIRST + SECOND)).hasSize(3);
        assertThat(found(FIRST.replace("{name: v1}", "{name: v1} " + COMMENT)))
                .singleElement()
                .asString()
                .startsWith("8:5: ");
        assertThat(found(FIRST.replace("  - {name: v1}", COMMENT + "\n# and more\n\n  - {name: v1}")))
                .singleElement()
                .asString()
                .startsWith("11:5: ");
        assertThat(found(COMMENT + "\n---\n# more\n" + FIRST + SECOND))
                .singleElement()
                .asString()
                .startsWith("16:");
        assertThat(found(FIRST + SECOND.replace("---\n", "---\n" + COMMENT + "\n")))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("spec.subsets"));
        assertThat(found(FIRST + COMMENT + "\n" + SECOND)).hasSize(2);
    }

    @Test
    void whatIsLeftOutIsCounted() throws IOException {
        Path file = Files.writeString(folder.resolve("rules.yaml"), COMMENT + "\n" + FIRST);

        CommandRun run = CommandRun.of("check", "--fail-on", "warning", file.toString());

        assertThat(run.code()).isZero();
        assertThat(run.err()).contains("2 findings left out, as comments ask for");
    }

    @Test
    void aCommentThatIgnoresNothingIsToldWithItsLine() throws IOException {
        assertThat(found(FIRST.replace("  host", COMMENT + "\n  host")))
                .as("a comment in the middle of a document is about the next line")
                .anySatisfy(line -> assertThat(line)
                        .startsWith(
                                "5:1: warning: comment inmesh:ignore: there is no finding subset-without-effect here"
                                        + " to ignore; remove the comment [ignore-comment]"));
        assertThat(found("# inmesh:ignore subset-without-efect why\n" + SECOND))
                .anySatisfy(line -> assertThat(line)
                        .contains("1:1: warning: ", "there is no check \"subset-without-efect\"")
                        .contains("did you mean \"subset-without-effect\""))
                .hasSize(2);
        assertThat(found("# inmesh:ignore subset-without-effect\n" + SECOND))
                .anySatisfy(line -> assertThat(line).contains("it has no reason, and so ignores nothing"))
                .hasSize(2);
        assertThat(found("# inmesh:ignore\n" + SECOND))
                .anySatisfy(line -> assertThat(line).contains("no check is named"))
                .hasSize(2);
    }

    @Test
    void twoCommentsForOneFindingAreBothUsed() throws IOException {
        assertThat(found(COMMENT + "\n---\n" + COMMENT + "\n" + SECOND.replace("---\n", "")))
                .isEmpty();
        assertThat(found(COMMENT + "\n" + FIRST.replace("{name: v1}", "{name: v1} " + COMMENT)))
                .isEmpty();
    }

    @Test
    void whatIsMeantAsACommentAndIsNoneIsTold() throws IOException {
        for (String meant : List.of("# inmesh:ignore: subset-without-effect why", "## inmesh:ignore")) {
            assertThat(found(meant + "\n" + SECOND))
                    .as(meant)
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("1:1: warning: comment inmesh:ignore: it is not written as such a comment"))
                    .hasSize(2);
        }
        assertThat(found("# see inmesh:ignore\n" + SECOND)).hasSize(1);
    }

    @Test
    void ofAFileAloneNoCommentIsCalledUnused() throws IOException {
        Path file = Files.writeString(folder.resolve("rules.yaml"), "# inmesh:ignore subset-not-found why\n" + SECOND);

        assertThat(CommandRun.of("check", file.toString()).out()).doesNotContain("ignore-comment");
        assertThat(CommandRun.of("check", folder.toString()).out()).contains("remove the comment [ignore-comment]");
    }

    @Test
    void theDocumentedExampleLeavesOutWhatItSays() throws IOException {
        String document = Files.readString(Path.of("../docs/command-line.md"));
        int start = document.indexOf("```yaml\n# inmesh:ignore ") + "```yaml\n".length();
        String example = document.substring(start, document.indexOf("```", start));
        String other = """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: all-reviews}
                spec: {host: reviews, subsets: [{name: all, labels: {a: b}}]}
                ---
                """;

        assertThat(found(other + example)).isEmpty();
        assertThat(found(other + example.replace(" conflicting-destination-rules", " conflicting-hosts")))
                .anySatisfy(line -> assertThat(line).endsWith("[conflicting-destination-rules]"));
    }

    @Test
    void anErrorThatRefusesItsObjectCannotBeIgnored() throws IOException {
        assertThat(found(SECOND.replace("host: ", "hots: ").replace("---", "---\n# inmesh:ignore invalid I know")))
                .satisfiesExactly(
                        line -> assertThat(line).contains("[invalid]"),
                        line -> assertThat(line)
                                .startsWith(
                                        "2:1: warning: comment inmesh:ignore: an error for which the object is refused"
                                                + " cannot be ignored; mend it, and remove the comment"));
    }

    @Test
    void anErrorInForceCanBe() throws IOException {
        String tls = SECOND.replace("subsets: [{name: v1}]", "trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}");

        assertThat(found(tls)).singleElement().asString().contains(": error: ", "[not-executed]");
        assertThat(found(tls.replace("---", "# inmesh:ignore not-executed the proxy in front does it\n---")))
                .isEmpty();
    }

    @Test
    void textThatLooksLikeACommentIsNone() throws IOException {
        assertThat(found(SECOND.replace("metadata: {name: ratings}", """
                        metadata:
                          name: ratings
                          annotations:
                            a: "# inmesh:ignore x"
                            b: |
                              # inmesh:ignore x
                        """.stripTrailing())))
                .singleElement()
                .asString()
                .contains("[subset-without-effect]");
    }

    @Test
    void inTextsThatAreNoYamlAndWhereAnObjectIsRefusedNothingIsSaidOfCommentsThatIgnoreNothing() throws IOException {
        assertThat(found(COMMENT + "\n" + FIRST.replace("host: reviews", "host: [")))
                .singleElement()
                .asString()
                .contains("[unreadable]");
    }
}
