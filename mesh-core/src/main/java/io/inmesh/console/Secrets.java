package io.inmesh.console;

import io.inmesh.internal.text.SecretNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private static final Pattern PARAMETER = Pattern.compile("([?&;])([^=&?;\\s'\"]{1,200})=[^&\\s'\"]*");
    /** As matchers of rules tell themselves. */
    private static final Pattern CONDITION =
            Pattern.compile("((?:header|query parameter|claim) " + NAME + " (?:exact|prefix|regex) ').*'");
    /** The beginning of a line of YAML: its place, a key, and the value behind it. */
    private static final Pattern ENTRY = Pattern.compile("([ -]*)[\"']?([\\w./-]{1,200})[\"']? *:(?: +(.*))?");

    /** A value without texts: words, and lists and maps of them. */
    private static final Pattern WORDS = Pattern.compile("[\\w.*/\\[\\]{}, :-]*");

    private static final Pattern QUOTED = Pattern.compile("(?s)\".*\"");

    private static final Pattern PERCENT = Pattern.compile("percentage: *\\{ *value: *[\\d.]{1,6} *}");

    private static final Pattern KEY = Pattern.compile("([\\w.-]+) *:");

    /** Keys of rules whose values are names, addresses and numbers of the mesh. */
    private static final Set<String> PLAIN = Set.of(
            "apiVersion",
            "metadata",
            "kind",
            "name",
            "namespace",
            "host",
            "hosts",
            "gateways",
            "subset",
            "version",
            "destination",
            "port",
            "number",
            "protocol",
            "targetPort",
            "address",
            "resolution",
            "location",
            "weight",
            "route",
            "match",
            "timeout",
            "retries",
            "attempts",
            "perTryTimeout",
            "retryOn",
            "fault",
            "delay",
            "fixedDelay",
            "abort",
            "httpStatus",
            "percentage",
            "action",
            "from",
            "to",
            "source",
            "operation",
            "mode",
            "exportTo",
            "simple");

    private static final Set<String> DATA = Set.of("data", "stringData", "binaryData");

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
        shown = PARAMETER
                .matcher(shown)
                .replaceAll(found -> Matcher.quoteReplacement(
                        SecretNames.ofParameter(found.group(2))
                                ? found.group(1) + found.group(2) + "=" + HIDDEN
                                : found.group()));
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

    /** A text without what it quotes, from the first double quote to the last. */
    static String withoutQuoted(String text) {
        return QUOTED.matcher(text).replaceAll('"' + HIDDEN + '"');
    }

    /**
     * Lines of YAML for people. Of a document in which nothing tells of secrets they stay; of any other only what cannot be one
     * does: keys, and names, addresses and numbers of the mesh. What belongs to which key is for parsers to say, and texts that are
     * shown here are those that parsers refuse.
     */
    static List<String> shown(List<String> lines) {
        List<String> shown = new ArrayList<>(lines.size());
        int begin = 0;
        for (int at = 1; at <= lines.size(); at++) {
            if (at == lines.size() || lines.get(at).startsWith("---")) {
                List<String> document = lines.subList(begin, at);
                if (document.stream().anyMatch(Secrets::tellsOfSecrets)) {
                    withoutValues(document, shown);
                } else {
                    shown.addAll(document);
                }
                begin = at;
            }
        }
        return shown;
    }

    private static boolean tellsOfSecrets(String line) {
        return line.length() > LONGEST_LINE
                || PART.matcher(line.replace("AuthorizationPolicy", "")).find();
    }

    private static void withoutValues(List<String> document, List<String> shown) {
        int hiddenBelow = Integer.MAX_VALUE;
        for (String line : document) {
            int indent = indent(line);
            Matcher entry = ENTRY.matcher(line);
            if (line.isBlank() || line.equals("---")) {
                shown.add(line);
            } else if (line.charAt(indent) == '#'
                    || indent > hiddenBelow
                    || line.length() > LONGEST_LINE
                    || !entry.matches()) {
                shown.add(" ".repeat(indent) + HIDDEN);
            } else {
                String key = entry.group(2);
                String value = entry.group(3) == null ? "" : entry.group(3);
                boolean holdsSecrets = SecretNames.has(key) || DATA.contains(key);
                boolean plain = value.isEmpty() || isPlain(line, value);
                hiddenBelow = holdsSecrets || !plain ? indent : Integer.MAX_VALUE;
                shown.add(
                        value.isEmpty() || (plain && !holdsSecrets)
                                ? line
                                : line.substring(0, entry.start(3)) + HIDDEN);
            }
        }
    }

    private static boolean isPlain(String line, String value) {
        return WORDS.matcher(value).matches()
                && KEY.matcher(PERCENT.matcher(line).replaceAll(""))
                        .results()
                        .allMatch(key -> PLAIN.contains(key.group(1)));
    }

    /** A list's dash is part of the place of what it begins. */
    private static int indent(String line) {
        int at = 0;
        while (at < line.length() - 1 && (line.charAt(at) == ' ' || line.charAt(at) == '-')) {
            at++;
        }
        return at;
    }
}
