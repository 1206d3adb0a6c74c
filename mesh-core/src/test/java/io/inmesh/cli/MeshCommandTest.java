package io.inmesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeshCommandTest {
    static final String RULES = """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: reviews}
            spec:
              hosts: [reviews.default.svc.cluster.local]
              resolution: STATIC
              ports: [{number: 9080, name: http, protocol: HTTP}]
              endpoints:
              - {address: 127.0.0.1, ports: {http: 9082}, labels: {version: v1}}
              - {address: 127.0.0.1, ports: {http: 9083}, labels: {version: v2}}
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: reviews}
            spec:
              host: reviews
              subsets:
              - {name: v1, labels: {version: v1}}
              - {name: v2, labels: {version: v2}}
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: reviews}
            spec:
              hosts: [reviews]
              http:
              - name: split
                timeout: 2s
                fault: {abort: {httpStatus: 503, percentage: {value: 10}}}
                route:
                - {destination: {host: reviews, subset: v1}, weight: 80}
                - {destination: {host: reviews, subset: v2}, weight: 20}
            """;

    private static final String OBJECTS_OF_RULES = "1 VirtualService, 1 DestinationRule, 1 ServiceEntry";
    private static final String NL = System.lineSeparator();

    @TempDir
    Path folder;

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    @Test
    void goodRulesEndWithZeroAndSayWhatWasRead() throws IOException {
        CommandRun run = CommandRun.of("check", file("rules.yaml", RULES));

        assertThat(run).isEqualTo(new CommandRun(0, "", "1 file read: " + OBJECTS_OF_RULES + NL));
    }

    @Test
    void objectsOfOtherKindsAreCountedAndHideNothing() throws IOException {
        String other = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\n";

        CommandRun good = CommandRun.of("check", file("rules.yaml", other + RULES));
        CommandRun bad = CommandRun.of(
                "check", file("many.yaml", other.repeat(1_005) + RULES.replace("weight: 80", "wieght: 80")));

        assertThat(good)
                .isEqualTo(
                        new CommandRun(0, "", "1 file read: " + OBJECTS_OF_RULES + "; 1 object of another kind" + NL));
        assertThat(bad.code()).isEqualTo(1);
        assertThat(bad.out()).contains("unknown field \"wieght\"");
        assertThat(bad.err()).endsWith("; 1005 objects of other kinds" + NL);
    }

    @Test
    void nothingReadIsSaid() throws IOException {
        file("readme.txt", "x");

        assertThat(CommandRun.of("check", folder.toString()))
                .isEqualTo(new CommandRun(0, "", "0 files read: no rule object" + NL));
    }

    @Test
    void foldersInADirectoryAreCheckedAndWhatIsHiddenAndLinksThatLeadBackAreNot() throws IOException {
        file("a.yaml", RULES);
        Path deep = Files.createDirectories(folder.resolve("team/reviews"));
        Files.writeString(deep.resolve("b.yaml"), RULES.replace("weight: 20", "weight: x"));
        for (String hidden : List.of(".git", "..data", ".idea/x")) {
            Path inside = Files.createDirectories(folder.resolve(hidden));
            Files.writeString(inside.resolve("hidden.yaml"), "kind: VirtualService");
        }
        Files.createSymbolicLink(deep.resolve("back"), folder);
        Files.createSymbolicLink(folder.resolve("again"), deep);

        CommandRun run = CommandRun.of("check", "--output", "json", folder.toString());

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.lines())
                .allSatisfy(line ->
                        assertThat(JsonParser.parseString(line).isJsonObject()).isTrue());
        assertThat(run.out()).contains("again/b.yaml").doesNotContain("hidden.yaml");
        assertThat(run.err())
                .endsWith(OBJECTS_OF_RULES + " without an error" + NL)
                .contains("2 files read: ");
    }

    @Test
    void whatOtherToolsKeepInADirectoryIsSkippedWithANoteUnlessItIsNamed() throws IOException {
        Map<String, String> others = new LinkedHashMap<>();
        others.put("kustomization.yaml", "resources: [a.yaml]\n");
        others.put("Chart.yaml", "apiVersion: v2\nname: x\n");
        others.put("values.yaml", "kind: Deployment\npolicies: security.istio.io\nhost: [\n");
        others.put("patch.yaml", "- {op: remove, path: /spec}\n");
        others.put("ci.yml", "on: push\njobs: {}\n");
        others.put("template.yaml", RULES.replace("weight: 80", "weight: {{ .Values.weight }}"));
        others.put("text.yaml", "just text\n");
        file("a.yaml", RULES);
        for (Map.Entry<String, String> other : others.entrySet()) {
            file(other.getKey(), other.getValue());
        }

        CommandRun run = CommandRun.of("check", folder.toString());

        assertThat(run.code()).isZero();
        assertThat(run.out()).isEmpty();
        for (String other : others.keySet()) {
            assertThat(run.err().lines().filter(line -> line.contains(other)))
                    .as(other)
                    .singleElement()
                    .asString()
                    .contains(": note: skipped: ");
            assertThat(CommandRun.of("check", folder.resolve(other).toString()).code())
                    .as(other)
                    .isEqualTo(1);
        }
        assertThat(run.err()).endsWith("8 files read: " + OBJECTS_OF_RULES + NL);
    }

    @Test
    void aRuleWithAnErrorIsNoOtherToolsWhateverItsFileIsCalled() throws IOException {
        file("values.yaml", RULES.replace("weight: 80", "weight: x"));
        file("half.yaml", "apiVersion: networking.istio.io/v1\nspec: {}\n");
        file("text.yaml", RULES.replace("timeout: 2s", "timeout: 2 # Hello {{ name }}"));
        file("braces.yaml", "# {{ .Values.name }}\n" + RULES.replace("weight: 80", "weigth: 80"));

        CommandRun run = CommandRun.of("check", folder.toString());

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).contains("values.yaml:", "half.yaml:", "text.yaml:", "braces.yaml:");
    }

    @Test
    void aProblemIsOneLineWithItsPlace() throws IOException {
        String path = file("bad.yaml", RULES.replace("weight: 80", "weigth: 80"));

        CommandRun run = CommandRun.of("check", path);

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.lines())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith(path + ":31:")
                        .contains(": error: spec.http[0].route[0].weigth: ", "weight"));
    }

    @Test
    void everyFileOfADirectoryIsChecked() throws IOException {
        file("a.yaml", "kind: VirtualService\n");
        file("b.yml", RULES.replace("weight: 20", "weight: x"));
        file("c.txt", "not: read");

        CommandRun run = CommandRun.of("check", folder.toString());

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).contains("a.yaml:", "b.yml:").doesNotContain("c.txt");
    }

    @Test
    void unsupportedFieldsAreErrorsOrWarningsByWhatIsLostOrAsTheUserSays() throws IOException {
        String cors = file("cors.yaml", RULES.replace("timeout: 2s", "corsPolicy: {allowMethods: [GET]}"));
        String tls = file("tls.yaml", """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: secret}
                spec: {host: reviews, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}
                """);

        assertThat(CommandRun.of("check", cors).code()).isZero();
        assertThat(CommandRun.of("check", cors).out()).contains("warning").contains("corsPolicy");
        assertThat(CommandRun.of("check", tls).code()).isEqualTo(1);
        assertThat(CommandRun.of("check", tls).lines())
                .singleElement()
                .asString()
                .startsWith(tls + ":4:")
                .contains(": error: spec.trafficPolicy.tls.mode: tls.mode ISTIO_MUTUAL is valid in Istio");
        assertThat(CommandRun.of("check", "--unsupported", "refuse-all", cors).code())
                .isEqualTo(1);
        assertThat(CommandRun.of("check", "--unsupported", "warn", tls).code()).isZero();
        assertThat(CommandRun.of("check", "--unsupported", "refuse", cors).code())
                .isEqualTo(2);
        assertThat(CommandRun.of("check", "--unsupported", "refuse", cors).err())
                .contains("write refuse-all, sensible or warn");
    }

    @Test
    void aWarningIsPrintedOnceByCheckAndByExplain() throws IOException {
        String rules = file("rules.yaml", RULES.replace("subset: v2}, weight", "subset: v9}, weight"));
        String requests = file("requests.jsonl", "{\"url\":\"http://reviews:9080/\"}\n");

        assertThat(CommandRun.of("check", rules).out().lines().filter(line -> line.contains("v9")))
                .hasSize(1);
        assertThat(CommandRun.of("explain", "--config", rules, "--requests", requests)
                        .err()
                        .lines())
                .filteredOn(line -> line.contains("v9"))
                .hasSize(1);
        assertThat(Path.of("src/cli/simplelogger.properties"))
                .as("what the mesh finds is printed by explain and not logged beside it")
                .content()
                .contains("simpleLogger.log.io.inmesh.internal.control.ProblemReport=off");
    }

    @Test
    void rulesThatLeadNowhereAreWarnings() throws IOException {
        CommandRun run =
                CommandRun.of("check", file("rules.yaml", RULES.replace("subset: v2}, weight", "subset: v9}, weight")));

        assertThat(run.code()).isZero();
        assertThat(run.lines())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .contains(": warning: spec.http[0].route[1].destination.subset: ", "v9", "503"));
    }

    @Test
    void whatOneFileLacksAnotherMayHaveAndAFolderIsTheWhole() throws IOException {
        String rules = file("rules.yaml", RULES.replace("subset: v2}, weight", "subset: v9}, weight"));

        assertThat(CommandRun.of("check", rules).lines())
                .singleElement()
                .asString()
                .contains("answered 503, unless another file has it; ");
        assertThat(CommandRun.of("check", folder.toString()).lines())
                .singleElement()
                .asString()
                .contains("answered 503; ");
    }

    @Test
    void aHostThatIsNotThereIsOneWarningWhateverItsSubset() throws IOException {
        String rules = file("rules.yaml", RULES.replace("host: reviews, subset: v2}", "host: reviws, subset: v2}"));

        assertThat(CommandRun.of("check", rules).lines())
                .singleElement()
                .asString()
                .contains("spec.http[0].route[1].destination.host: ", "did you mean");
    }

    @Test
    void aRouteOfADelegateOutsideTheRootsMatchIsNamedByItsIndex() throws IOException {
        String rules = file("rules.yaml", """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: root}
                spec: {hosts: [shop.example.com], http: [{match: [{uri: {prefix: /a}}], delegate: {name: inner}}]}
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: inner}
                spec:
                  http:
                  - {match: [{uri: {prefix: /a/b}}], route: [{destination: {host: shop.example.com}}]}
                  - {match: [{uri: {prefix: /c}}], route: [{destination: {host: shop.example.com}}]}
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: shop}
                spec:
                  hosts: [shop.example.com]
                  ports: [{number: 80, name: http, protocol: HTTP}]
                  resolution: DNS
                """);
        String requests = file("requests.jsonl", "{\"url\":\"http://shop.example.com/\"}\n");

        assertThat(CommandRun.of("explain", "--config", rules, "--requests", requests)
                        .err()
                        .lines())
                .filteredOn(line -> line.contains("not inside that of"))
                .singleElement()
                .asString()
                .contains(":12:5: warning: spec.http[1]: ");
    }

    @Test
    void namesAndKeysThatNeedQuotesAreToldSo() throws IOException {
        assertThat(CommandRun.of(
                                "check",
                                file("rules.yaml", RULES.replace("{version: v1}}\n  - {", "{NULL: v1}}\n  - {")))
                        .lines())
                .singleElement()
                .asString()
                .contains("a key must be a string, this is null; put it in quotes: \"NULL\"");
        assertThat(CommandRun.of(
                                "check",
                                file(
                                        "rules.yaml",
                                        RULES.replace(
                                                "{name: reviews}\nspec:\n  hosts: [reviews]",
                                                "{name: no}\nspec:\n  hosts: [reviews]")))
                        .lines())
                .singleElement()
                .asString()
                .contains(
                        "metadata.name: the unquoted \"no\" is a boolean to Kubernetes, not a string; put it in quotes");
    }

    @Test
    void aPercentageWithoutMirrorIsOneWarning() throws IOException {
        String rules = file("rules.yaml", RULES.replace("timeout: 2s", "mirrorPercent: 10"));

        assertThat(CommandRun.of("check", rules).lines())
                .singleElement()
                .asString()
                .contains("a percentage without mirror does nothing");
    }

    @Test
    void aLinkThatLeadsNowhereIsNamedAsOne() throws IOException {
        Files.createSymbolicLink(folder.resolve("a.yaml"), folder.resolve("gone"));

        assertThat(CommandRun.of("check", folder.toString()).lines())
                .singleElement()
                .asString()
                .contains("a.yaml", "it does not exist; remove the link or restore what it leads to");
    }

    @Test
    void anObjectThatIsWrittenAgainReplacesTheOneBefore() throws IOException {
        String again = file("z.yaml", RULES.substring(RULES.lastIndexOf("---")).replace("name: split", "name: again"));
        String requests = file("requests.jsonl", "{\"url\":\"http://reviews:9080/\",\"random\":500000}\n");

        CommandRun run = CommandRun.of("explain", "--config", file("a.yaml", RULES), again, "--requests", requests);

        assertThat(run.json(0).get("route").getAsString()).isEqualTo("again");
        assertThat(run.err()).contains("VirtualService default/reviews is written again at", "z.yaml");
    }

    @Test
    void wrongUsageIsTwo() {
        assertThat(CommandRun.of().code()).isEqualTo(2);
        assertThat(CommandRun.of("check").code()).isEqualTo(2);
        assertThat(CommandRun.of("explain").code()).isEqualTo(2);
        assertThat(CommandRun.of("check", "--output", "xml", "x").code()).isEqualTo(2);
    }

    @Test
    void aMissingFileIsAnErrorThatNamesIt() {
        CommandRun run = CommandRun.of("check", "no-such-file.yaml");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).contains("no-such-file.yaml", "cannot be read", "does not exist");
    }

    @Test
    void aFileThatIsNotUtf8IsAnErrorThatSaysSo() throws IOException {
        Path path = Files.write(folder.resolve("latin.yaml"), new byte[] {'a', ':', ' ', (byte) 0xe9});

        CommandRun run = CommandRun.of("check", path.toString());

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.lines())
                .containsExactly(path + ":0:0: error: the file is not UTF-8; save it as UTF-8 [unreadable]");
    }

    @Test
    void whatNoMeshWouldWatchInADirectoryIsNotChecked() throws IOException {
        file("rules.YAML", RULES);
        file(".#rules.yaml", "half written");
        file("~rules.yaml", "half written");

        assertThat(CommandRun.of("check", folder.toString()))
                .isEqualTo(new CommandRun(0, "", "1 file read: " + OBJECTS_OF_RULES + NL));
    }
}
