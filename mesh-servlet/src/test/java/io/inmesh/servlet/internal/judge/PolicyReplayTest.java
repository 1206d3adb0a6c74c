package io.inmesh.servlet.internal.judge;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.inmesh.call.HeaderField;
import io.inmesh.call.RequestHead;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.model.InboundPolicy;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.WorkloadMatch;
import io.inmesh.servlet.internal.arrival.TestConnection;
import io.inmesh.servlet.internal.arrival.TestHead;
import io.inmesh.servlet.policy.PathPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What a real ingress gateway of Istio did by policies and tokens, without sockets: who came in, with which status and
 * challenge others did not, and what its token made of the request. Where paths are taken as Istio takes them there is no
 * exception; a strict policy may differ where it refuses a path or brings it to another form.
 */
class PolicyReplayTest {
    private static final TestConnection RECORDER =
            new TestConnection("127.0.0.1", "127.0.0.1", 15280, false, List.of(), null);

    @Test
    void judgesAsIstioDoes() throws Exception {
        List<String> differences = new ArrayList<>();
        int requests = 0;
        for (Scenario scenario : Scenario.withPolicies()) {
            try (RequestJudge asIstio = new RequestJudge(PathPolicy.AS_ISTIO, new PolicyLog());
                    RequestJudge strict = new RequestJudge(PathPolicy.STRICT, new PolicyLog())) {
                for (JsonObject line : scenario.lines("requests.jsonl")) {
                    requests++;
                    String wanted =
                            wanted(Objects.requireNonNull(scenario.expected().get(id(line))));
                    String name = scenario.name() + "/" + id(line) + " " + line;
                    String raw = path(line);
                    String canonical = PathPolicy.AS_ISTIO.canonical(raw);
                    String got = outcome(asIstio.judge(scenario.policy(), head(line, canonical), RECORDER));
                    if (!got.equals(wanted)) {
                        differences.add(name + "\n  wanted " + wanted + "\n  got    " + got);
                    }
                    boolean same = PathPolicy.STRICT.problem(raw) == null
                            && PathPolicy.STRICT.canonical(raw).equals(canonical);
                    if (same) {
                        assertThat(outcome(strict.judge(scenario.policy(), head(line, canonical), RECORDER)))
                                .as(name)
                                .isEqualTo(got);
                    }
                }
            }
        }
        assertThat(differences).isEmpty();
        assertThat(requests).isGreaterThan(2500);
    }

    private static String outcome(Verdict verdict) {
        if (verdict instanceof Verdict.Refused refused) {
            return refused.status() + " " + (refused.challenge() == null ? "" : refused.challenge());
        }
        RequestHead head = ((Verdict.Passed) verdict).head();
        Map<String, List<String>> headers = new TreeMap<>();
        for (HeaderField field : head.headerFields()) {
            headers.computeIfAbsent(field.name().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(field.value());
        }
        return "in " + head.pathAndQuery() + " " + headers;
    }

    private static String wanted(JsonObject line) {
        int status = line.get("status").getAsInt();
        if (status == 401 || status == 403) {
            JsonElement challenge = line.getAsJsonObject("responseHeaders").get("www-authenticate");
            return status + " "
                    + (challenge == null
                            ? ""
                            // A query is nothing to repeat.
                            : challenge.getAsJsonArray().get(0).getAsString().replaceAll("\\?[^\"]*\"", "\""));
        }
        Map<String, List<String>> headers = new TreeMap<>();
        line.getAsJsonObject("headers").entrySet().forEach(header -> {
            List<String> values = new ArrayList<>();
            header.getValue().getAsJsonArray().forEach(value -> values.add(value.getAsString()));
            headers.put(header.getKey(), values);
        });
        headers.remove("x-forwarded-for");
        headers.remove("x-envoy-external-address");
        return "in " + line.get("uri").getAsString() + " " + headers;
    }

    private static RequestHead head(JsonObject line, String canonicalPath) {
        String url = line.get("url").getAsString();
        int authority = url.indexOf("://") + 3;
        List<HeaderField> headers = new ArrayList<>();
        if (line.has("headers")) {
            line.getAsJsonObject("headers").entrySet().forEach(header -> {
                if (header.getValue().isJsonArray()) {
                    header.getValue()
                            .getAsJsonArray()
                            .forEach(value -> headers.add(new HeaderField(header.getKey(), value.getAsString())));
                } else {
                    headers.add(new HeaderField(
                            header.getKey(), header.getValue().getAsString().strip()));
                }
            });
        }
        return new TestHead(
                line.get("method").getAsString(),
                url.substring(authority, url.indexOf('/', authority)),
                canonicalPath,
                "127.0.0.1",
                headers);
    }

    private static String path(JsonObject line) {
        String url = line.get("url").getAsString();
        return url.substring(url.indexOf('/', url.indexOf("://") + 3));
    }

    private static String id(JsonObject line) {
        return line.get("id").getAsString();
    }

    private record Scenario(Path folder, InboundPolicy policy, Map<String, JsonObject> expected) {
        static List<Scenario> withPolicies() throws Exception {
            Path root = Path.of(Objects.requireNonNull(PolicyReplayTest.class.getResource("/conformance-gateway"))
                    .toURI());
            List<Scenario> scenarios = new ArrayList<>();
            try (Stream<Path> folders = Files.list(root)) {
                for (Path folder : folders.sorted().filter(Files::isDirectory).toList()) {
                    Scenario scenario = read(folder);
                    if (scenario != null) {
                        scenarios.add(scenario);
                    }
                }
            }
            return scenarios;
        }

        private static @Nullable Scenario read(Path folder) throws IOException {
            if (Files.exists(folder.resolve("invalid.txt"))) {
                return null;
            }
            ConfigReader.Result result = ConfigReader.sensible()
                    .forGateway()
                    .read(folder.toString(), Files.readString(folder.resolve("config.yaml")));
            assertThat(result.hasErrors()).as(folder + ": " + result.problems()).isFalse();
            MeshConfig config = result.config();
            if (config.authorizationPolicies().isEmpty()
                    && config.requestAuthentications().isEmpty()) {
                return null;
            }
            Map<String, JsonObject> expected = new TreeMap<>();
            for (JsonObject line : jsonLines(folder.resolve("expected.jsonl"))) {
                expected.put(id(line), line);
            }
            return new Scenario(
                    folder,
                    new InboundPolicy(
                            config.requestAuthentications().stream()
                                    .filter(authentication -> selects(authentication.workloads()))
                                    .toList(),
                            config.authorizationPolicies().stream()
                                    .filter(policy -> selects(policy.workloads()))
                                    .toList()),
                    expected);
        }

        private static boolean selects(WorkloadMatch workloads) {
            return Map.of("istio", "ingressgateway")
                    .entrySet()
                    .containsAll(workloads.labels().entrySet());
        }

        String name() {
            return String.valueOf(folder.getFileName());
        }

        List<JsonObject> lines(String file) throws IOException {
            return jsonLines(folder.resolve(file));
        }

        private static List<JsonObject> jsonLines(Path file) throws IOException {
            return Files.readString(file)
                    .lines()
                    .map(line -> JsonParser.parseString(line).getAsJsonObject())
                    .toList();
        }
    }
}
