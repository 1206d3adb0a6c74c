package io.inmesh.servlet.conformance;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Rules, requests, and what a real ingress gateway did with them. */
record RecordedScenario(Path folder) {
    /** A request line with its headers, as the recorder sent it. */
    record Request(String id, String method, String authority, String target, Map<String, List<String>> headers) {}

    /**
     * What came of a request.
     *
     * @param status that the caller saw
     * @param backend that had it; empty when the gateway answered by itself
     * @param host that the backend saw; empty when there was none
     * @param target that the backend saw; empty when there was none
     * @param headers that the backend saw, by lower-case name
     * @param responseHeaders those that the gateway has a say in, by lower-case name
     */
    record Outcome(
            int status,
            String backend,
            String host,
            String target,
            Map<String, List<String>> headers,
            Map<String, List<String>> responseHeaders) {
        Outcome {
            headers = Map.copyOf(headers);
            responseHeaders = Map.copyOf(responseHeaders);
        }
    }

    static List<RecordedScenario> all() {
        try (Stream<Path> children = Files.list(root())) {
            return children.filter(Files::isDirectory)
                    .sorted()
                    .map(RecordedScenario::new)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path root() {
        try {
            return Path.of(Objects.requireNonNull(RecordedScenario.class.getResource("/conformance-gateway"))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The services of every scenario. */
    static String base() {
        return text(root().resolve("base.yaml"));
    }

    String name() {
        return Objects.toString(folder.getFileName());
    }

    /** Whether Istio refuses the rules. */
    boolean isInvalid() {
        return Files.exists(folder.resolve("invalid.txt"));
    }

    String rules() {
        return text(folder.resolve("config.yaml"));
    }

    List<Request> requests() {
        return lines("requests.jsonl").stream().map(RecordedScenario::request).toList();
    }

    Map<String, Outcome> expected() {
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        for (JsonObject line : lines("expected.jsonl")) {
            outcomes.put(line.get("id").getAsString(), outcome(line));
        }
        return outcomes;
    }

    private List<JsonObject> lines(String file) {
        return text(folder.resolve(file))
                .lines()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
    }

    private static Request request(JsonObject line) {
        String url = line.get("url").getAsString();
        int authority = url.indexOf("://") + 3;
        int path = url.indexOf('/', authority);
        return new Request(
                line.get("id").getAsString(),
                line.get("method").getAsString(),
                url.substring(authority, path),
                url.substring(path),
                headers(line, "headers"));
    }

    private static Outcome outcome(JsonObject line) {
        String backend = line.getAsJsonObject("counts").keySet().iterator().next();
        return new Outcome(
                line.get("status").getAsInt(),
                backend.startsWith("-") ? "" : backend,
                string(line, "host"),
                string(line, "uri"),
                headers(line, "headers"),
                headers(line, "responseHeaders"));
    }

    private static String string(JsonObject line, String key) {
        JsonElement value = line.get(key);
        return value == null ? "" : value.getAsString();
    }

    private static Map<String, List<String>> headers(JsonObject line, String key) {
        Map<String, List<String>> headers = new TreeMap<>();
        if (line.has(key)) {
            line.getAsJsonObject(key).entrySet().forEach(header -> {
                List<String> values = new ArrayList<>();
                if (header.getValue().isJsonArray()) {
                    header.getValue().getAsJsonArray().forEach(value -> values.add(value.getAsString()));
                } else {
                    values.add(header.getValue().getAsString());
                }
                headers.put(header.getKey(), values);
            });
        }
        return headers;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
