package io.inmesh.okhttp.traffic;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A recorded scenario: a folder with rules ({@code config.yaml}, added to {@code base.yaml} in this folder or above it),
 * {@code steps.jsonl}, and what a real sidecar did ({@code expected.jsonl}), unless that is kept elsewhere.
 */
record RecordedScenario(Path folder) {
    private static final String STEPS = "steps.jsonl";
    private static final String ADDRESS = "127.0.0.1";
    private static final Pattern PORT = Pattern.compile("\\b21\\d{3}\\b");

    /** Where nobody listens. */
    private static final String DEAD = "219";

    /**
     * Scenarios in the order of their names.
     *
     * @param root a folder of scenarios, or one of them
     * @throws IllegalArgumentException when there is none
     */
    static List<RecordedScenario> in(Path root) {
        Path absolute = root.toAbsolutePath().normalize();
        if (Files.exists(absolute.resolve(STEPS))) {
            return List.of(new RecordedScenario(absolute));
        }
        try (Stream<Path> folders = Files.list(absolute)) {
            List<RecordedScenario> found = folders.filter(folder -> Files.exists(folder.resolve(STEPS)))
                    .sorted()
                    .map(RecordedScenario::new)
                    .toList();
            if (found.isEmpty()) {
                throw new IllegalArgumentException("no folder with " + STEPS + " in " + absolute);
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String name() {
        return folder.getFileName().toString();
    }

    /** The caller may listen at another address than the recorder did. */
    Map<String, String> rules(String address) {
        Map<String, String> rules = new LinkedHashMap<>();
        rules.put("base.yaml", text(base()).replace(ADDRESS, address));
        rules.put("config.yaml", text(folder.resolve("config.yaml")).replace(ADDRESS, address));
        return rules;
    }

    private Path base() {
        Path own = folder.resolve("base.yaml");
        Path shared = folder.resolveSibling("base.yaml");
        if (!Files.exists(own) && !Files.exists(shared)) {
            throw new IllegalArgumentException("no base.yaml in " + folder + " or above it");
        }
        return Files.exists(own) ? own : shared;
    }

    /** Ports of the backends. */
    SortedSet<Integer> ports() {
        SortedSet<Integer> ports = new TreeSet<>();
        for (String text : rules(ADDRESS).values()) {
            Matcher port = PORT.matcher(text);
            while (port.find()) {
                if (!port.group().startsWith(DEAD)) {
                    ports.add(Integer.valueOf(port.group()));
                }
            }
        }
        return ports;
    }

    List<RecordedStep> steps() {
        return lines(folder.resolve(STEPS)).stream().map(RecordedStep::new).toList();
    }

    boolean hasExpected() {
        return Files.exists(folder.resolve("expected.jsonl"));
    }

    /** What was recorded, by id of the step. */
    Map<String, JsonObject> expected() {
        Map<String, JsonObject> expected = new LinkedHashMap<>();
        lines(folder.resolve("expected.jsonl"))
                .forEach(line -> expected.put(line.get("id").getAsString(), line));
        return expected;
    }

    /** Ids of the steps of which two recordings differed. */
    Set<String> byChance() {
        Set<String> ids = new HashSet<>();
        Path list = folder.resolveSibling("by-chance.txt");
        if (Files.exists(list)) {
            text(list)
                    .lines()
                    .map(line -> line.strip().split("\\s+"))
                    .filter(words -> words.length == 2 && words[0].equals(name()))
                    .forEach(words -> ids.add(words[1]));
        }
        return ids;
    }

    private static List<JsonObject> lines(Path file) {
        return text(file)
                .lines()
                .filter(line -> !line.isBlank())
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
