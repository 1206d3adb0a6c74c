package io.inmesh.console;

import io.inmesh.internal.text.SecretNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Hides values of headers that usually hold secrets, in headers and in rules about them. */
final class Secrets {
    static final String HIDDEN = "******";

    private static final Pattern FIELD = Pattern.compile(
            "(?i)(?<indent>[\\s-]*)(?<before>.*?)(?<key>[\"']?" + SecretNames.PATTERN + "[\"']?\\s*:)(?<value>.*)");

    private Secrets() {}

    static Map<String, List<String>> shown(Map<String, List<String>> headers) {
        Map<String, List<String>> shown = new TreeMap<>();
        headers.forEach((name, values) -> shown.put(
                name,
                SecretNames.has(name) ? values.stream().map(value -> HIDDEN).toList() : values));
        return shown;
    }

    /** Lines of YAML without what stands behind, or deeper than, a name that tells of secrets. */
    static List<String> shown(List<String> lines) {
        List<String> shown = new ArrayList<>();
        int hiddenBelow = -1;
        for (String line : lines) {
            int indent = indent(line);
            if (hiddenBelow >= 0 && (line.isBlank() || indent > hiddenBelow)) {
                shown.add(line.isBlank() ? line : " ".repeat(indent) + HIDDEN);
                continue;
            }
            hiddenBelow = -1;
            Matcher field = FIELD.matcher(line);
            if (!line.stripLeading().startsWith("#") && field.matches()) {
                boolean here = !field.group("value").isBlank();
                shown.add(line.substring(0, field.end("key")) + (here ? " " + HIDDEN : ""));
                hiddenBelow = indent;
            } else {
                shown.add(line);
            }
        }
        return shown;
    }

    /** A list's dash is part of the place of what it begins. */
    private static int indent(String line) {
        int at = 0;
        while (at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == '-')) {
            at++;
        }
        return at;
    }
}
