package io.inmesh.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.inmesh.config.UnsupportedFields;
import io.inmesh.config.source.ConfigReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** A recorded scenario: rules, requests, and what a real istiod and Envoy did with them. */
record ConformanceCase(Path folder) {
    static Path root() {
        try {
            return Path.of(Objects.requireNonNull(ConformanceCase.class.getResource("/conformance"))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<ConformanceCase> all() {
        try (Stream<Path> children = Files.list(root())) {
            return children.filter(Files::isDirectory)
                    .sorted()
                    .map(ConformanceCase::new)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String name() {
        return folder.getFileName().toString();
    }

    boolean isInvalid() {
        return Files.exists(folder.resolve("invalid.txt"));
    }

    RuleFiles rules() {
        return RuleFiles.read(
                List.of(
                        root().resolve("base.yaml").toString(),
                        folder.resolve("config.yaml").toString()),
                ConfigReader.sensible().withUnsupported(UnsupportedFields.WARN),
                "default",
                true,
                List.of());
    }

    Map<String, JsonObject> requests() {
        return lines("requests.jsonl");
    }

    Map<String, JsonObject> expected() {
        return lines("expected.jsonl");
    }

    private Map<String, JsonObject> lines(String file) {
        Map<String, JsonObject> lines = new LinkedHashMap<>();
        try {
            for (String line : Files.readAllLines(folder.resolve(file))) {
                JsonObject object = JsonParser.parseString(line).getAsJsonObject();
                lines.put(object.get("id").getAsString(), object);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lines;
    }

    static String text(JsonObject object, String key) {
        JsonElement element = object.get(key);
        return element == null ? "" : element.getAsString();
    }
}
