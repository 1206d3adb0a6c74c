package io.inmesh.kubernetes.testing;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Label and field selectors as the API server reads them. */
final class Selectors {
    private static final Pattern SET = Pattern.compile("(\\S+)\\s+(in|notin)\\s+\\(([^)]*)\\)");
    private static final Pattern EQUALITY = Pattern.compile("([^=!\\s]+)\\s*(==|=|!=)\\s*(\\S*)");

    private Selectors() {}

    static Predicate<JsonObject> labels(String selector) {
        Predicate<JsonObject> all = object -> true;
        for (String term : terms(selector)) {
            all = all.and(label(term));
        }
        return all;
    }

    static Predicate<JsonObject> fields(String selector) {
        Predicate<JsonObject> all = object -> true;
        for (String term : terms(selector)) {
            Matcher equality = EQUALITY.matcher(term);
            if (!equality.matches()) {
                throw new IllegalArgumentException("not a field selector: " + term);
            }
            boolean wanted = !equality.group(2).equals("!=");
            all = all.and(object -> equality.group(3).equals(at(object, equality.group(1))) == wanted);
        }
        return all;
    }

    private static Predicate<JsonObject> label(String term) {
        Matcher set = SET.matcher(term);
        if (set.matches()) {
            Set<String> values = Set.of(set.group(3).strip().split("\\s*,\\s*", -1));
            boolean wanted = set.group(2).equals("in");
            return object -> {
                String value = labelOf(object, set.group(1));
                return (value != null && values.contains(value)) == wanted;
            };
        }
        Matcher equality = EQUALITY.matcher(term);
        if (equality.matches()) {
            boolean wanted = !equality.group(2).equals("!=");
            return object -> equality.group(3).equals(labelOf(object, equality.group(1))) == wanted;
        }
        return term.startsWith("!")
                ? object -> labelOf(object, term.substring(1)) == null
                : object -> labelOf(object, term) != null;
    }

    // Commas inside parentheses belong to a set.
    private static List<String> terms(String selector) {
        List<String> terms = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i <= selector.length(); i++) {
            char c = i == selector.length() ? ',' : selector.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ',' && depth == 0) {
                String term = selector.substring(start, i).strip();
                if (!term.isEmpty()) {
                    terms.add(term);
                }
                start = i + 1;
            }
        }
        return terms;
    }

    private static String labelOf(JsonObject object, String name) {
        JsonElement labels = object.getAsJsonObject("metadata").get("labels");
        JsonElement value = labels == null ? null : labels.getAsJsonObject().get(name);
        return value == null ? null : value.getAsString();
    }

    private static String at(JsonObject object, String path) {
        JsonElement here = object;
        for (String step : path.split("\\.", -1)) {
            here = here == null || !here.isJsonObject()
                    ? null
                    : here.getAsJsonObject().get(step);
        }
        return here == null ? "" : here.getAsString();
    }
}
