package io.inmesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line on rules of gateways and of what comes in. */
class GatewayCommandTest {
    private static final String NL = System.lineSeparator();
    private static final String GATEWAY = """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: gw}
            spec:
              servers:
              - port: {number: 80, name: http, protocol: HTTP}
                hosts: ["*"]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: shop}
            spec:
              hosts: [shop.example.com]
              gateways: [gw]
              http:
              - match: [{uri: {prefix: /old}}]
                redirect: {uri: /new}
              - route: [{destination: {host: reviews}}]
                corsPolicy: {allowOrigins: [{exact: "https://a.com"}]}
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: reviews}
            spec:
              hosts: [reviews.default.svc.cluster.local]
              resolution: STATIC
              ports: [{number: 9080, name: http, protocol: HTTP}]
              endpoints: [{address: 127.0.0.1}]
            """;
    private static final String POLICIES = """
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: a}
            spec: {rules: [{}]}
            ---
            apiVersion: security.istio.io/v1
            kind: RequestAuthentication
            metadata: {name: r}
            spec: {jwtRules: [{issuer: me, jwksUri: "https://example.com/keys"}]}
            """;

    @TempDir
    Path folder;

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    @Test
    void aGatewayReadsThemInSilence() throws IOException {
        file("a.yaml", GATEWAY);
        file("b.yaml", POLICIES);

        assertThat(CommandRun.of("check", "--gateway", folder.toString()))
                .isEqualTo(new CommandRun(
                        0,
                        "",
                        "2 files read: 1 VirtualService, 1 ServiceEntry, 1 Gateway, 1 AuthorizationPolicy,"
                                + " 1 RequestAuthentication" + NL));
    }

    @Test
    void aCallerIsToldOfEachOnceAndNotStopped() throws IOException {
        String path = file("a.yaml", GATEWAY + "---\n" + POLICIES);

        CommandRun run = CommandRun.of("check", path);

        assertThat(run.code()).isZero();
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines().filter(line -> line.contains(": note: ")))
                .extracting(line -> line.substring(path.length()))
                .containsExactly(
                        ":1:1: note: Gateway has effect where mesh-servlet is, not on calls of this application [information]",
                        ":14:3: note: spec.gateways: the rule applies to gateways only, not to calls of this application;"
                                + " add mesh to the gateways to apply it here too [information]",
                        ":30:1: note: AuthorizationPolicy has effect where mesh-servlet is, not on calls of this"
                                + " application [information]",
                        ":35:1: note: RequestAuthentication has effect where mesh-servlet is, not on calls of this"
                                + " application [information]");
    }

    @Test
    void anErrorInAPolicyCountsForAGatewayAlone() throws IOException {
        String path = file("a.yaml", POLICIES.replace("rules: [{}]", "rulez: [{}]"));
        String line =
                ":4:8: %s: spec.rulez: unknown field \"rulez\" in AuthorizationPolicy; did you mean \"rules\"? [invalid]"
                        + NL;

        CommandRun gateway = CommandRun.of("check", "--gateway", path);
        CommandRun caller = CommandRun.of("check", path);

        assertThat(gateway)
                .isEqualTo(new CommandRun(
                        1,
                        path + line.formatted("error"),
                        "1 file read: 1 RequestAuthentication without an error" + NL));
        assertThat(caller.code()).isZero();
        assertThat(caller.out()).isEqualTo(path + line.formatted("warning"));
    }

    private List<JsonObject> explain(String... arguments) throws IOException {
        String requests = file("requests.jsonl", """
                {"id": "1", "url": "http://shop.example.com/"}
                {"id": "2", "url": "http://shop.example.com/old/x"}
                {"id": "3", "url": "http://other.example.com/"}
                """);
        String[] all = Stream.concat(Stream.of(arguments), Stream.of("--requests", requests))
                .toArray(String[]::new);
        CommandRun run = CommandRun.of(all);
        assertThat(run.code()).as(run.err()).isZero();
        return run.lines().stream()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
    }

    @Test
    void tellsWhereRequestsGoThatComeInAtAPortOfAGateway() throws IOException {
        String rules = file("a.yaml", GATEWAY);

        assertThat(explain("explain", "--gateway", "80", "--config", rules))
                .extracting(answer -> answer.get("decision").getAsString())
                .containsExactly("forward", "redirect", "no_route");
        assertThat(explain("explain", "--gateway", "81", "--config", rules))
                .extracting(answer -> answer.get("decision").getAsString())
                .containsOnly("no_route");
        assertThat(explain("explain", "--config", rules))
                .extracting(answer -> answer.get("decision").getAsString())
                .containsOnly("passthrough");
    }
}
