package io.inmesh.kubernetes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The labels of a pod as the pod itself is told them.
 *
 * @param problems lines that were left out, each with its place
 */
record DownwardLabels(Map<String, String> labels, List<String> problems) {
    /** Nobody has told. */
    static final DownwardLabels NONE = new DownwardLabels(Map.of(), List.of());

    private static final String KEY = "(?<key>[A-Za-z0-9]([-A-Za-z0-9_./]*[A-Za-z0-9])?)";
    /** Such values need none of the escapes that the kubelet would write for others. */
    private static final String VALUE = "(?<value>([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?)";

    private static final Pattern FILE_LINE = Pattern.compile(KEY + "=\"" + VALUE + "\"");
    private static final Pattern VARIABLE_PART = Pattern.compile(KEY + "=" + VALUE);

    DownwardLabels {
        labels = Map.copyOf(labels);
        problems = List.copyOf(problems);
    }

    /** Reads a file that a downwardAPI volume makes of {@code metadata.labels}; a missing one holds nothing. */
    static DownwardLabels ofFile(Path file) {
        try {
            List<String> places = new ArrayList<>();
            List<String> lines = Files.readAllLines(file);
            for (int line = 1; line <= lines.size(); line++) {
                places.add(file + ":" + line);
            }
            return read(lines, places, FILE_LINE, "is not key=\"value\" of a label");
        } catch (NoSuchFileException missing) {
            return NONE;
        } catch (IOException unreadable) {
            return new DownwardLabels(Map.of(), List.of(file + ": cannot be read: " + unreadable));
        }
    }

    /** Reads {@code app=reviews,version=v1}. */
    static DownwardLabels ofVariable(String name, String value) {
        List<String> parts = List.of(value.split(",", -1));
        List<String> places = parts.stream().map(part -> "variable " + name).toList();
        return read(parts, places, VARIABLE_PART, "is not key=value of a label; labels are parted by commas");
    }

    private static DownwardLabels read(List<String> lines, List<String> places, Pattern pattern, String complaint) {
        Map<String, String> labels = new TreeMap<>();
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            Matcher label = pattern.matcher(line);
            if (label.matches()) {
                labels.put(label.group("key"), label.group("value"));
            } else if (!line.isEmpty()) {
                problems.add(places.get(i) + ": \"" + shorten(line) + "\" " + complaint + "; it is left out");
            }
        }
        return new DownwardLabels(labels, problems);
    }

    private static String shorten(String line) {
        return line.length() <= 60 ? line : line.substring(0, 60) + "...";
    }
}
