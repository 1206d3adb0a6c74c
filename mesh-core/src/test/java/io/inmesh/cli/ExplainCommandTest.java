package io.inmesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code explain} answers, line by line. */
class ExplainCommandTest {
    private static final String RULES = MeshCommandTest.RULES;

    @TempDir
    Path folder;

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private CommandRun explain(String requests) throws IOException {
        return CommandRun.of(
                "explain", "--config", file("rules.yaml", RULES), "--requests", file("requests.jsonl", requests));
    }

    @Test
    void explainTellsOfACallThatIsRefusedForAFieldAndRefusesNoOther() throws IOException {
        String rules = file("rules.yaml", RULES + """
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: secret, namespace: istio-system}
                spec: {host: "*.local", trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: secret}
                spec:
                  hosts: [secret.local]
                  ports: [{number: 80, name: http, protocol: HTTP}]
                  resolution: STATIC
                  endpoints: [{address: 10.0.0.9}]
                """);
        String requests = file("requests.jsonl", """
                {"url":"http://secret.local/"}
                {"url":"http://reviews:9080/","random":999999}
                """);

        CommandRun run = CommandRun.of("explain", "--config", rules, "--requests", requests);

        assertThat(run.code()).isZero();
        assertThat(run.json(0).get("decision").getAsString()).isEqualTo("refused");
        assertThat(run.json(0).get("why").toString())
                .contains("DestinationRule istio-system/secret asks for tls.mode ISTIO_MUTUAL");
        assertThat(run.json(1).get("decision").getAsString()).isEqualTo("forward");
        assertThat(run.err().lines().filter(line -> line.contains("tls.mode"))).hasSize(1);
    }

    @Test
    void theDrawDecidesAmongWeightsAndFaults() throws IOException {
        CommandRun run = explain("""
                {"id":"a","method":"GET","url":"http://reviews:9080/","random":200079}
                {"id":"b","method":"GET","url":"http://reviews:9080/","random":200080}
                {"id":"c","method":"GET","url":"http://reviews:9080/","random":99}
                """);

        assertThat(run.code()).isZero();
        assertThat(run.json(0).get("cluster").getAsString()).startsWith("outbound|9080|v1|");
        assertThat(run.json(0).get("timeoutMs").getAsInt()).isEqualTo(2000);
        assertThat(run.json(0).get("endpoints").getAsJsonArray().get(0).getAsString())
                .isEqualTo("127.0.0.1:9082");
        assertThat(run.json(1).get("cluster").getAsString()).startsWith("outbound|9080|v2|");
        assertThat(run.json(2).get("decision").getAsString()).isEqualTo("fault_abort");
        assertThat(run.json(2).get("status").getAsInt()).isEqualTo(503);
    }

    @Test
    void aLineThatCannotBeReadGetsAnErrorAndTheNextGoOn() throws IOException {
        CommandRun run = explain("""
                {"id":"1","method":"GET","url":"/relative"}
                not json
                {"id":"3","method":"GET","url":"http://reviews:9080/","headers":{"x":[1]}}
                {"id":"4","method":"GET","url":"http://reviews:9080/","random":-1}
                {"id":"5"} {"id":"6"}

                {"id":"7","method":"GET","url":"http://unknown/"}
                """);

        assertThat(run.lines()).hasSize(6);
        for (int line = 0; line < 5; line++) {
            assertThat(run.json(line).get("decision").getAsString()).isEqualTo("error");
            assertThat(run.json(line).get("why").getAsJsonArray()).isNotEmpty();
        }
        assertThat(run.json(0).get("id").getAsString()).isEqualTo("1");
        assertThat(run.json(5).get("decision").getAsString()).isEqualTo("passthrough");
        assertThat(run.json(5).has("cluster")).isFalse();
    }

    @Test
    void badRulesEndExplainBeforeTheFirstRequest() throws IOException {
        String bad = file("bad.yaml", "apiVersion: networking.istio.io/v1\nkind: VirtualService\nspec: {}\n");

        CommandRun run =
                CommandRun.of("explain", "--config", bad, "--requests", file("r", "{\"url\":\"http://a/\"}\n"));

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("bad.yaml");
    }
}
