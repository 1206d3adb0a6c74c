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
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Findings that were there before, from a file of one JSON object a line with {@code check}, {@code object} and
 * {@code path}. Not thread-safe.
 */
public final class Baseline {
    private static final Set<String> FIELDS = Set.of("check", "object", "path");

    private final FilePaths paths = new FilePaths();
    private final Path file;

    /** Lines of the file, by what they name. */
    private final Map<FindingKey, Integer> known = new LinkedHashMap<>();

    private final Set<FindingKey> found = new LinkedHashSet<>();

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
                baseline.known.putIfAbsent(baseline.key(lines.get(i), i + 1), i + 1);
            }
        }
        return baseline;
    }

    /** Writes the findings as a baseline, in place of what the file held. */
    public static void write(Path file, List<ConfigProblem> findings) throws UnusableException {
        Gson gson = new GsonBuilder().disableHtmlEscaping().create();
        FilePaths paths = new FilePaths();
        Set<String> lines = new TreeSet<>();
        for (ConfigProblem finding : findings) {
            lines.add(gson.toJson(FindingKey.of(finding, paths)));
        }
        try {
            Files.write(file, lines);
        } catch (IOException e) {
            throw new UnusableException("the baseline " + file + " cannot be written: " + e);
        }
    }

    /** Whether a finding was there before. */
    public boolean knows(ConfigProblem finding) {
        FindingKey key = FindingKey.of(finding, paths);
        boolean before = known.containsKey(key);
        if (before) {
            found.add(key);
        }
        return before;
    }

    /** A line for each entry that no finding asked about has. */
    public List<String> stale() {
        return known.entrySet().stream()
                .filter(entry -> !found.contains(entry.getKey()))
                .map(entry -> file + ":" + entry.getValue() + ":1: note: " + entry.getKey()
                        + " is not found any more; remove the line")
                .toList();
    }

    private FindingKey key(String line, int number) throws UnusableException {
        try {
            if (JsonParser.parseString(line) instanceof JsonObject object
                    && object.keySet().equals(FIELDS)
                    && object.asMap().values().stream().allMatch(Baseline::isText)) {
                return new FindingKey(
                        object.get("check").getAsString(),
                        object.get("object").getAsString(),
                        object.get("path").getAsString());
            }
        } catch (JsonParseException e) {
            // Told as any other line that is no entry.
        }
        throw new UnusableException(file + ":" + number
                + ":1: error: this is no entry of a baseline, which is one JSON object a line with the texts check, object"
                + " and path; mend the line, or write the file again with --write-baseline");
    }

    private static boolean isText(JsonElement value) {
        return value instanceof JsonPrimitive primitive && primitive.isString();
    }
}
