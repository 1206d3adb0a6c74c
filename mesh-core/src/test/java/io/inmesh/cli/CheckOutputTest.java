package io.inmesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.inmesh.config.ConfigCheck;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How {@code check} tells what it found, and when it fails. */
class CheckOutputTest {
    static final String RULES = """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: reviews}
            spec:
              host: reviews
              subsets: [{name: v1}]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: reviews}
            spec:
              hosts: [reviews]
              http:
              - route: [{destination: {host: reviews, subset: v2}}]
            """;

    private static final String ERROR = RULES.replace("http:", "htttp:");

    /** Below the working directory, as the files of a repository are. */
    @TempDir(factory = InTarget.class)
    Path folder;

    static final class InTarget implements org.junit.jupiter.api.io.TempDirFactory {
        @Override
        public Path createTempDirectory(
                org.junit.jupiter.api.extension.AnnotatedElementContext element,
                org.junit.jupiter.api.extension.ExtensionContext test)
                throws IOException {
            return Files.createTempDirectory(Files.createDirectories(Path.of("target/check")), "a b");
        }
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    @Test
    void jsonHasOneObjectALine() throws IOException {
        CommandRun run = CommandRun.of(
                "check",
                "--output",
                "json",
                file("bad.yaml", MeshCommandTest.RULES.replace("weight: 80", "weight: x")));

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.json(0).keySet())
                .containsExactly("file", "line", "column", "severity", "check", "istio", "object", "path", "message");
        assertThat(run.json(0).get("check").getAsString()).isEqualTo("invalid");
        assertThat(run.json(0).get("istio").getAsString()).isEqualTo("IST0106");
        assertThat(run.json(0).get("path").getAsString()).isEqualTo("spec.http[0].route[0].weight");
    }

    @Test
    void githubAnnotationsAreEscapedAndRelative() throws IOException {
        file("rules%,1.yaml", RULES);

        CommandRun run = CommandRun.of(
                "check", "--output", "github", folder.toAbsolutePath().toString());

        String place = "target/check/" + folder.getFileName() + "/rules%25%2C1.yaml";
        assertThat(run.lines())
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line)
                                .startsWith("::warning file=" + place
                                        + ",line=14,col=51,title=subset-not-found (IST0101)::spec.http[0].route[0]"
                                        + ".destination.subset: "),
                        line -> assertThat(line)
                                .startsWith(
                                        "::warning file=" + place + ",line=6,col=13,title=subset-without-effect::"));
        assertThat(run.code()).isZero();
        String percent = file("percent.yaml", RULES.replace("http:", "ht%tp:"));
        assertThat(CommandRun.of("check", "--output", "github", percent).out()).contains("unknown field \"ht%25tp\"");
        assertThat(CommandRun.of("check", "--output", "github", "gone.yaml").lines())
                .singleElement()
                .asString()
                .startsWith("::error file=gone.yaml,title=unreadable::cannot be read: ");
    }

    @Test
    void sarifHasWhatTheSchemaWantsAndGitHubReads() throws IOException {
        String rules = file("rules#ä.yaml", RULES);
        CommandRun run = CommandRun.of("check", "--output", "sarif", "gone.yaml");

        JsonObject log = JsonParser.parseString(run.out()).getAsJsonObject();
        assertThat(log.get("version").getAsString()).isEqualTo("2.1.0");
        assertThat(log.getAsJsonArray("runs")).hasSize(1);
        JsonObject only = log.getAsJsonArray("runs").get(0).getAsJsonObject();
        JsonObject driver = only.getAsJsonObject("tool").getAsJsonObject("driver");
        assertThat(driver.get("name").getAsString()).isNotEmpty();
        JsonArray ruleArray = driver.getAsJsonArray("rules");
        Set<String> ids = new HashSet<>();
        for (JsonElement rule : ruleArray) {
            JsonObject object = rule.getAsJsonObject();
            assertThat(ids.add(object.get("id").getAsString())).isTrue();
            for (String text : List.of("shortDescription", "fullDescription", "help")) {
                assertThat(object.getAsJsonObject(text).get("text").getAsString())
                        .as(text)
                        .hasSizeBetween(20, 1024);
            }
            assertThat(object.getAsJsonObject("help").get("markdown").getAsString())
                    .containsAnyOf("```yaml", "No example:");
            assertThat(object.has("helpUri")).as("would have to be absolute").isFalse();
        }
        assertThat(ids).hasSameSizeAs(ConfigCheck.values());
        JsonArray results = only.getAsJsonArray("results");
        assertThat(results).hasSize(1);
        JsonObject missing = results.get(0).getAsJsonObject();
        assertThat(missing.get("level").getAsString()).isEqualTo("error");
        assertThat(physical(missing)
                        .getAsJsonObject("artifactLocation")
                        .get("uri")
                        .getAsString())
                .isEqualTo("gone.yaml");
        assertThat(physical(missing).has("region")).isFalse();
        JsonArray found = results(rules);
        assertThat(found).hasSize(2);
        for (JsonElement element : found) {
            JsonObject result = element.getAsJsonObject();
            String rule = result.get("ruleId").getAsString();
            JsonElement described = ruleArray.get(result.get("ruleIndex").getAsInt());
            assertThat(described.getAsJsonObject().get("id").getAsString()).isEqualTo(rule);
            assertThat(result.get("level").getAsString()).isEqualTo("warning");
            assertThat(result.getAsJsonObject("message").get("text").getAsString())
                    .isNotEmpty();
            String uri = physical(result)
                    .getAsJsonObject("artifactLocation")
                    .get("uri")
                    .getAsString();
            assertThat(URI.create(uri).isAbsolute()).isFalse();
            assertThat(uri)
                    .isEqualTo("target/check/" + folder.getFileName().toString().replace(" ", "%20")
                            + "/rules%23%C3%A4.yaml");
            assertThat(physical(result)
                            .getAsJsonObject("region")
                            .get("startLine")
                            .getAsInt())
                    .isPositive();
            assertThat(result.getAsJsonObject("partialFingerprints").keySet()).hasSize(1);
        }
    }

    @Test
    void fingerprintsDoNotDependOnLines() throws IOException {
        JsonArray before = results(file("rules.yaml", RULES));
        JsonArray after = results(file("rules.yaml", "# one\n# two\n" + RULES));

        assertThat(before).hasSize(2);
        for (int i = 0; i < before.size(); i++) {
            JsonObject one = before.get(i).getAsJsonObject();
            JsonObject two = after.get(i).getAsJsonObject();
            assertThat(two.get("partialFingerprints")).isEqualTo(one.get("partialFingerprints"));
            assertThat(two.get("locations")).isNotEqualTo(one.get("locations"));
        }
        assertThat(before.get(0).getAsJsonObject().get("partialFingerprints"))
                .isNotEqualTo(before.get(1).getAsJsonObject().get("partialFingerprints"));
    }

    @ParameterizedTest
    @CsvSource({
        "error,   error, 1",
        "error,   warning, 0",
        "error,   note, 0",
        "warning, error, 1",
        "warning, warning, 1",
        "warning, note, 0",
        "note,    note, 1",
        "note,    nothing, 0",
        "never,   error, 0"
    })
    void failsOnWhatItIsToldTo(String failOn, String worst, int code) throws IOException {
        String text = switch (worst) {
            case "error" -> ERROR;
            case "warning" -> RULES;
            case "note" -> "apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: {name: x}\n";
            default -> RULES.substring(0, RULES.indexOf("---")).replace("{name: v1}", "");
        };
        file("rules.yaml", text);

        CommandRun run = CommandRun.of("check", "--fail-on", failOn, folder.toString());

        assertThat(run.code()).as(run.out() + run.err()).isEqualTo(code);
        assertThat(run.lines().isEmpty())
                .as("what fails is on standard output")
                .isEqualTo(worst.equals("nothing") || worst.equals("note") && !failOn.equals("note"));
    }

    @Test
    void aBaselineLeavesOutWhatWasThereBeforeWhereverItStandsNow() throws IOException {
        String rules = file("rules.yaml", RULES);
        String baseline = folder.resolve("known.jsonl").toString();

        CommandRun written = CommandRun.of("check", "--write-baseline", baseline, rules);
        assertThat(written.code()).isZero();
        assertThat(written.out()).isEmpty();
        assertThat(written.err()).contains("2 findings written to " + baseline);

        file("rules.yaml", "# moved\n" + RULES);
        CommandRun same = CommandRun.of("check", "--fail-on", "warning", "--baseline", baseline, rules);
        assertThat(same.code()).isZero();
        assertThat(same.out()).isEmpty();
        assertThat(same.err())
                .contains("2 findings left out, as the baseline has them")
                .doesNotContain("any more");

        file("rules.yaml", RULES.replace("[{name: v1}]", "[{name: v1, labels: {a: b}}, {name: v3}]"));
        CommandRun one = CommandRun.of("check", "--fail-on", "warning", "--baseline", baseline, rules);
        CommandRun all = CommandRun.of("check", "--fail-on", "warning", "--baseline", baseline, folder.toString());
        assertThat(List.of(one.code(), all.code())).containsOnly(1);
        assertThat(one.lines())
                .singleElement()
                .asString()
                .contains("spec.subsets[1]", "\"v3\"", "[subset-without-effect]");
        assertThat(one.err()).as("other files are not seen").doesNotContain("any more");
        assertThat(all.err().lines().filter(line -> line.contains("any more")))
                .filteredOn(line -> line.contains("subset-without-effect"))
                .singleElement()
                .asString()
                .startsWith(
                        baseline + ":2:1: note: subset-without-effect DestinationRule default/reviews spec.subsets[] (")
                .contains("\"v1\"")
                .endsWith(" is not found any more; remove the line");
    }

    @Test
    void whatIsKnownHidesNothingNewBesideIt() throws IOException {
        String rules = file("rules.yaml", RULES);
        String baseline = folder.resolve("known.jsonl").toString();
        CommandRun.of("check", "--write-baseline", baseline, rules);
        String route = "  - route: [{destination: {host: reviews, subset: v2}}]";
        String other =
                "  - {match: [{uri: {exact: /a}}], route: [{destination: {host: reviews, subset: %s}}]}\n" + route;

        file("rules.yaml", RULES.replace(route, other.formatted("v7")));
        CommandRun before = CommandRun.of("check", "--baseline", baseline, rules);
        file("rules.yaml", RULES.replace(route, other.formatted("v2")));
        CommandRun again = CommandRun.of("check", "--baseline", baseline, rules);

        assertThat(before.lines())
                .as("the route that was there has moved")
                .singleElement()
                .asString()
                .contains("http[0]", "\"v7\"");
        assertThat(again.lines())
                .as("the same twice is one more than known")
                .singleElement()
                .asString()
                .contains("\"v2\"", "[subset-not-found]");
    }

    @Test
    void wrongArgumentsAreNamed() throws IOException {
        String rules = file("rules.yaml", RULES);

        for (String host : List.of("", "https://api.example.com", "api.example.com:443", "*example")) {
            CommandRun run = CommandRun.of("check", "--known-hosts", host, rules);
            assertThat(run.code()).as(host).isEqualTo(2);
            assertThat(run.err()).contains("--known-hosts: '" + host + "' is no host; write full names");
        }
        CommandRun run = CommandRun.of("check", "");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("a PATH is empty");
    }

    @Test
    void whatCannotBeWrittenIsAnError() throws IOException {
        Writer full = new Writer() {
            @Override
            public void write(char[] text, int from, int length) throws IOException {
                throw new IOException("no space left");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        StringWriter err = new StringWriter();

        int code =
                MeshCommand.run(new PrintWriter(full), new PrintWriter(err, true), "check", file("rules.yaml", RULES));

        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains("standard output cannot be written");
    }

    @Test
    void aFileThatIsNamedTwiceIsReadOnce() throws IOException {
        String rules = file("rules.yaml", RULES);
        Files.createSymbolicLink(folder.resolve("same.yaml"), Path.of("rules.yaml"));

        CommandRun run = CommandRun.of("check", folder.toString(), rules, folder + "/./rules.yaml");

        assertThat(run.lines()).hasSize(2);
        assertThat(run.err()).contains("1 file read: 1 VirtualService, 1 DestinationRule");
    }

    @Test
    void errorsOfABaselineAreCounted() throws IOException {
        String rules = file("rules.yaml", ERROR);
        String baseline = folder.resolve("known.jsonl").toString();
        CommandRun.of("check", "--write-baseline", baseline, rules);

        CommandRun run = CommandRun.of("check", "--baseline", baseline, rules);

        assertThat(run.code()).isZero();
        assertThat(run.err()).contains("left out, as the baseline has them; 1 error among them");
    }

    @Test
    void aBaselineThatCannotBeUsedIsToldWithItsPlace() throws IOException {
        String rules = file("rules.yaml", RULES);
        String good = "{\"check\":\"subset-not-found\",\"severity\":\"warning\",\"object\":\"\",\"path\":\"\","
                + "\"message\":\"\"}\n";

        for (String bad : List.of("{", "[]", "{\"check\":1,\"object\":\"\",\"path\":\"\"}", "{\"check\":\"x\"}")) {
            String baseline = file("known.jsonl", good + "\n" + bad + "\n");
            CommandRun run = CommandRun.of("check", "--fail-on", "never", "--baseline", baseline, rules);
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err()).contains(baseline + ":3:1: error: this is no entry of a baseline");
        }
        CommandRun gone = CommandRun.of("check", "--baseline", "gone.jsonl", rules);
        assertThat(gone.code()).isEqualTo(2);
        assertThat(gone.err()).contains("the baseline gone.jsonl does not exist; make it with --write-baseline");
        CommandRun nowhere = CommandRun.of(
                "check", "--write-baseline", folder.resolve("no/where").toString(), rules);
        assertThat(nowhere.code()).isEqualTo(2);
        assertThat(nowhere.err()).contains("cannot be written");
    }

    @Test
    void aClusterNeedsTheJarThatReadsIt() throws IOException {
        CommandRun run = CommandRun.of("check", "--kubernetes");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .contains("--kubernetes needs mesh-discovery-k8s, which is not on the class path; use"
                        + " mesh-discovery-k8s-<version>-cli.jar");
        assertThat(CommandRun.of("check", "--context", "c", file("rules.yaml", RULES))
                        .err())
                .contains("add --kubernetes");
    }

    private static JsonArray results(String rules) {
        CommandRun run = CommandRun.of("check", "--output", "sarif", rules);
        return JsonParser.parseString(run.out())
                .getAsJsonObject()
                .getAsJsonArray("runs")
                .get(0)
                .getAsJsonObject()
                .getAsJsonArray("results");
    }

    private static JsonObject physical(JsonObject result) {
        JsonArray locations = result.getAsJsonArray("locations");
        assertThat(locations).hasSize(1);
        return locations.get(0).getAsJsonObject().getAsJsonObject("physicalLocation");
    }
}
