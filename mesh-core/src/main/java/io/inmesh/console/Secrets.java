package io.inmesh.console;

import io.inmesh.internal.text.SecretNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Hides values that usually are secrets, by the names that they stand behind and by the schemes of HTTP authentication. Its
 * work grows with the length of a text and no faster.
 */
final class Secrets {
    static final String HIDDEN = "******";

    /** Nobody reads longer lines, and what is behind their end might be a part of a secret. */
    private static final int LONGEST_LINE = 4096;

    private static final Pattern PART = Pattern.compile(SecretNames.PART);
    private static final String NAME = "[\\w.:-]{0,100}?" + SecretNames.PART + "[\\w.:-]{0,100}";
    private static final Pattern SCHEME = Pattern.compile("(?i)\\b(bearer|basic) +[^\\s'\",}\\]]+");
    private static final Pattern PARAMETER = Pattern.compile("([?&;]" + NAME + "=)[^&\\s'\"]*");
    /** As matchers of rules tell themselves. */
    private static final Pattern CONDITION =
            Pattern.compile("((?:header|query parameter|claim) " + NAME + " (?:exact|prefix|regex) ').*'");
    /** A name that is a value itself, in a list of pairs. */
    private static final Pattern NAMED = Pattern.compile("(?i)[ -]*(?:name|key|header) *: *[\"']?" + NAME + "[\"']? *");

    private static final Pattern VALUE = Pattern.compile("(?i)([ -]*(?:value|exact|prefix|regex) *:).*");

    private Secrets() {}

    static Map<String, List<String>> shown(Map<String, List<String>> headers) {
        Map<String, List<String>> shown = new TreeMap<>();
        headers.forEach((name, values) -> shown.put(
                name,
                SecretNames.has(name) ? values.stream().map(value -> HIDDEN).toList() : values));
        return shown;
    }

    /** A text for people: what stands in it behind a scheme of authentication, or is compared with a secret. */
    static String text(String text) {
        if (text.length() > LONGEST_LINE) {
            return HIDDEN;
        }
        String shown = CONDITION.matcher(text).replaceAll("$1" + HIDDEN + "'");
        shown = PARAMETER.matcher(shown).replaceAll("$1" + HIDDEN);
        return SCHEME.matcher(shown).replaceAll("$1 " + HIDDEN);
    }

    /** A document with all its texts as {@link #text} shows them; keys stay. */
    static Map<String, @Nullable Object> document(Map<String, @Nullable Object> document) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        document.forEach((key, value) -> shown.put(key, value(value)));
        return shown;
    }

    private static @Nullable Object value(@Nullable Object value) {
        if (value instanceof String text) {
            return text(text);
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> shown = new ArrayList<>(list.size());
            list.forEach(item -> shown.add(value(item)));
            return shown;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> shown = new LinkedHashMap<>();
            map.forEach((key, item) -> shown.put(String.valueOf(key), value(item)));
            return shown;
        }
        return value;
    }

    /** Lines of YAML without what stands behind, or deeper than, a name that tells of secrets. */
    static List<String> shown(List<String> lines) {
        List<String> shown = new ArrayList<>();
        int hiddenBelow = -1;
        int pair = -1;
        for (String line : lines) {
            int indent = indent(line);
            if (hiddenBelow >= 0 && (line.isBlank() || indent > hiddenBelow)) {
                shown.add(line.isBlank() ? line : " ".repeat(indent) + HIDDEN);
                continue;
            }
            hiddenBelow = -1;
            if (line.length() > LONGEST_LINE) {
                shown.add(HIDDEN);
                continue;
            }
            pair = pair >= 0 && indent == pair && line.indexOf('-') != indent - 2 ? pair : -1;
            Matcher value = VALUE.matcher(line);
            if (pair >= 0 && value.matches()) {
                shown.add(value.group(1) + " " + HIDDEN);
                hiddenBelow = indent;
                continue;
            }
            int end = endOfSecretKey(line);
            if (end >= 0) {
                boolean here = !line.substring(end).isBlank();
                shown.add(line.substring(0, end) + (here ? " " + HIDDEN : ""));
                if (!line.stripLeading().startsWith("#")) {
                    hiddenBelow = indent;
                }
                continue;
            }
            if (NAMED.matcher(line).matches()) {
                pair = indent;
                hidePairBefore(shown, indent);
            }
            shown.add(line);
        }
        return shown;
    }

    /** The value may stand before the name. */
    private static void hidePairBefore(List<String> shown, int indent) {
        int last = shown.size() - 1;
        if (last >= 0 && indent(shown.get(last)) == indent) {
            Matcher value = VALUE.matcher(shown.get(last));
            if (value.matches()) {
                shown.set(last, value.group(1) + " " + HIDDEN);
            }
        }
    }

    /** Behind the colon of the first key that tells of a secret; -1 without one. */
    private static int endOfSecretKey(String line) {
        Matcher part = PART.matcher(line);
        int from = 0;
        while (part.find(from)) {
            int end = part.end();
            while (end < line.length() && isOfName(line.charAt(end))) {
                end++;
            }
            int colon = end;
            if (colon < line.length() && (line.charAt(colon) == '"' || line.charAt(colon) == '\'')) {
                colon++;
            }
            while (colon < line.length() && line.charAt(colon) == ' ') {
                colon++;
            }
            if (colon < line.length() && line.charAt(colon) == ':') {
                return colon + 1;
            }
            from = end;
        }
        return -1;
    }

    private static boolean isOfName(char ch) {
        return Character.isLetterOrDigit(ch) || ch == '-' || ch == '_' || ch == '.';
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
