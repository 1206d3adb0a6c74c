package io.inmesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.inmesh.Mesh;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigUpdate;
import io.inmesh.endpoint.WorkloadIdentity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Replays what a real istiod 1.31 and Envoy 1.40 decided, through the code of {@code explain}. */
@Tag("one-jdk")
class ConformanceTest {
    private static final int DRAWS = 400;

    @Test
    void theRecordedScenariosAreThere() {
        assertThat(ConformanceCase.all()).hasSize(172);
    }

    @TestFactory
    Stream<DynamicTest> decisionsAreThoseOfIstio() {
        return ConformanceCase.all().stream()
                .map(scenario -> DynamicTest.dynamicTest(scenario.name(), () -> replay(scenario)));
    }

    private static void replay(ConformanceCase scenario) {
        RuleFiles rules = scenario.rules();
        if (scenario.isInvalid()) {
            assertThat(rules.problems()).anyMatch(ConfigProblem::isError);
            return;
        }
        assertThat(rules.problems()).noneMatch(ConfigProblem::isError);
        WorkloadIdentity self = WorkloadIdentity.DEFAULT.with("default", Map.of("app", "client", "version", "v1"));
        try (Mesh mesh = Mesh.builder()
                .config(new FixedConfig(new ConfigUpdate.Valid(rules.config(), List.of())))
                .self(self)
                .build()) {
            ExplainSession session = new ExplainSession(mesh::explain, new Random(1));
            SoftAssertions softly = new SoftAssertions();
            Map<String, JsonObject> expected = scenario.expected();
            assertThat(expected).isNotEmpty();
            scenario.requests().forEach((id, request) -> {
                List<JsonObject> answers = new ArrayList<>();
                for (int i = 0; i < (request.has("repeat") ? DRAWS : 1); i++) {
                    answers.add(session.answerObject(request.toString()));
                }
                new Comparison(softly, request, expected.get(id), answers).compare();
            });
            softly.assertAll();
        }
    }

    /** One request: every answer against what was recorded of the sampled one, and the draws as a whole. */
    private record Comparison(
            SoftAssertions softly, JsonObject request, JsonObject expected, List<JsonObject> answers) {
        void compare() {
            Map<String, Integer> recorded = counts(expected.getAsJsonObject("clusters"));
            Map<String, Integer> drawn = new TreeMap<>();
            answers.forEach(answer -> drawn.merge(cluster(answer), 1, Integer::sum));
            if (drawn.size() > 1 || recorded.size() > 1) {
                distribution(drawn, recorded);
            } else {
                softly.assertThat(drawn.keySet()).as("cluster of %s", request).isEqualTo(recorded.keySet());
            }
            // The recording shows one answer of many: one of ours must be like it in everything.
            List<String> differences = answers.stream()
                    .map(this::differences)
                    .min(Comparator.comparingInt(List::size))
                    .orElseThrow();
            softly.assertThat(differences).as("answers to %s", request).isEmpty();
        }

        private List<String> differences(JsonObject answer) {
            List<String> differences = new ArrayList<>();
            differ(differences, "decision", recordedKind(), kind(answer));
            if (recordedKind().equals("passthrough")) {
                return differences;
            }
            if (expected.has("uri")) {
                differ(differences, "path", expected.get("uri"), answer.get("path"));
                differ(differences, "authority", expected.get("host"), answer.get("authority"));
                differ(differences, "request headers", expected.get("headers"), answer.get("requestHeaders"));
            } else {
                differ(differences, "status", expected.get("status"), answer.get("status"));
            }
            JsonObject headers = expected.getAsJsonObject("responseHeaders").deepCopy();
            JsonElement location = headers.remove("location");
            headers.remove("connection");
            differ(
                    differences,
                    "location",
                    location == null ? null : location.getAsJsonArray().get(0),
                    answer.get("location"));
            JsonElement left = answer.get("responseHeaders");
            JsonObject actual =
                    left == null ? new JsonObject() : left.getAsJsonObject().deepCopy();
            actual.remove("content-type");
            if (!recordedKind().equals("no_route")) {
                differ(differences, "response headers", headers, actual);
            }
            if (answer.has("body")) {
                differ(differences, "body", expected.get("body"), answer.get("body"));
            }
            differ(
                    differences,
                    "route",
                    ConformanceCase.text(expected, "route"),
                    ConformanceCase.text(answer, "route"));
            return differences;
        }

        private static void differ(
                List<String> differences, String what, @Nullable Object recorded, @Nullable Object here) {
            if (!Objects.equals(recorded, here)) {
                differences.add(what + ": recorded " + recorded + ", here " + here);
            }
        }

        /** Both samples come from one distribution: each share within 4.5 standard deviations of their difference. */
        private void distribution(Map<String, Integer> drawn, Map<String, Integer> recorded) {
            double here = drawn.values().stream().mapToInt(Integer::intValue).sum();
            double there =
                    recorded.values().stream().mapToInt(Integer::intValue).sum();
            TreeMap<String, Integer> all = new TreeMap<>(drawn);
            all.putAll(recorded);
            for (String cluster : all.keySet()) {
                if (cluster.isEmpty()) {
                    continue;
                }
                int a = drawn.getOrDefault(cluster, 0);
                int b = recorded.getOrDefault(cluster, 0);
                double pooled = (a + b) / (here + there);
                double deviation = Math.sqrt(pooled * (1 - pooled) * (1 / here + 1 / there));
                softly.assertThat(Math.abs(a / here - b / there))
                        .as("share of %s: %s of %s here, %s of %s recorded, in %s", cluster, a, here, b, there, request)
                        .isLessThanOrEqualTo(4.5 * deviation + 1 / there);
            }
        }

        private String recordedKind() {
            String flags = ConformanceCase.text(expected, "flags");
            if (flags.equals("NR")) {
                return "no_route";
            }
            if (flags.equals("NC")) {
                return "no_cluster";
            }
            if (flags.contains("FI")) {
                return "fault_abort";
            }
            if (expected.getAsJsonObject("clusters").has("PassthroughCluster")) {
                return "passthrough";
            }
            if (expected.has("uri")) {
                return "forward";
            }
            return expected.getAsJsonObject("responseHeaders").has("location") ? "redirect" : "direct_response";
        }

        private static String kind(JsonObject answer) {
            return answer.get("decision").getAsString();
        }

        private static String cluster(JsonObject answer) {
            return switch (kind(answer)) {
                case "passthrough" -> "PassthroughCluster";
                case "no_cluster" -> "";
                default -> ConformanceCase.text(answer, "cluster");
            };
        }

        private static Map<String, Integer> counts(JsonObject object) {
            Map<String, Integer> counts = new TreeMap<>();
            object.entrySet()
                    .forEach(
                            entry -> counts.put(entry.getKey(), entry.getValue().getAsInt()));
            return counts;
        }
    }
}
