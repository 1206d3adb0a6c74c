package io.inmesh.cli.findings;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.inmesh.config.ConfigProblem;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Findings that were there before, from a file of one JSON object a line with {@code check}, {@code severity},
 * {@code object}, {@code path} and {@code message}; a finding that is there twice has two lines. Not thread-safe.
 */
public final class Baseline {
    private static final Set<String> FIELDS = Set.of("check", "severity", "object", "path", "message");

    private final FilePaths paths = new FilePaths();
    private final Path file;

    /** Lines of the file that no finding has had yet, by what they name. */
    private final Map<FindingKey, Deque<Integer>> known = new LinkedHashMap<>();

    private Baseline(Path file) {
        this.file = file;
    }

    /** A baseline that cannot be read or written; the message names the place. */
    public static final class UnusableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnusableException(String message) {
            super(message);
        }
    }

    /** Reads a baseline. */
    public static Baseline read(Path file) throws UnusableException {
        Baseline baseline = new Baseline(file);
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            throw new UnusableException(
                    "the baseline " + file + " does not exist; make it with --write-baseline " + file);
        } catch (CharacterCodingException e) {
            throw new UnusableException("the baseline " + file + " is not UTF-8; write it again with --write-baseline");
        } catch (IOException e) {
            throw new UnusableException("the baseline " + file + " cannot be read: " + e);
        }
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                baseline.known
                        .computeIfAbsent(baseline.key(lines.get(i), i + 1), key -> new ArrayDeque<>())
                        .add(i + 1);
            }
        }
        return baseline;
    }

    /** Writes the findings as a baseline, in place of what the file held. */
    public static void write(Path file, List<ConfigProblem> findings) throws UnusableException {
        Gson gson = new GsonBuilder().disableHtmlEscaping().create();
        FilePaths paths = new FilePaths();
        List<String> lines = findings.stream()
                .map(finding -> gson.toJson(FindingKey.of(finding, paths)))
                .sorted()
                .toList();
        try {
            Files.write(file, lines);
        } catch (IOException e) {
            throw new UnusableException("the baseline " + file + " cannot be written: " + e);
        }
    }

    /** Whether a finding was there before. Each entry answers for one finding. */
    public boolean take(ConfigProblem finding) {
        Deque<Integer> lines = known.get(FindingKey.of(finding, paths));
        return lines != null && lines.poll() != null;
    }

    /** A line for each entry that no finding asked about has. */
    public List<String> stale() {
        return known.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream()
                        .map(line -> file + ":" + line + ":1: note: " + entry.getKey()
                                + " is not found any more; remove the line"))
                .toList();
    }

    private FindingKey key(String line, int number) throws UnusableException {
        try {
            if (JsonParser.parseString(line) instanceof JsonObject object
                    && object.keySet().equals(FIELDS)
                    && object.asMap().values().stream().allMatch(Baseline::isText)) {
                return new FindingKey(
                        object.get("check").getAsString(),
                        object.get("severity").getAsString(),
                        object.get("object").getAsString(),
                        object.get("path").getAsString(),
                        object.get("message").getAsString());
            }
        } catch (JsonParseException e) {
            // Told as any other line that is no entry.
        }
        throw new UnusableException(file + ":" + number
                + ":1: error: this is no entry of a baseline, which is one JSON object a line with the texts check,"
                + " severity, object, path and message; mend the line, or write the file again with --write-baseline");
    }

    private static boolean isText(JsonElement value) {
        return value instanceof JsonPrimitive primitive && primitive.isString();
    }
}
