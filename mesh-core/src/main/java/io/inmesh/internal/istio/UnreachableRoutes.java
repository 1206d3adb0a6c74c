package io.inmesh.internal.istio;

import io.inmesh.config.ConfigCheck;
import io.inmesh.internal.text.Message;
import io.inmesh.internal.text.MessageText;
import io.inmesh.internal.text.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Routes and matches that no request reaches because an earlier one takes them all. Always warnings, as in Istio
 * (pkg/config/validation: analyzeUnreachableHTTPRules); beyond Istio, a match that takes everything counts as none.
 */
final class UnreachableRoutes {
    /** Bounds the work on thousands of routes; who has that many warnings reads no more of them. */
    private static final int MOST_COMPARISONS = 1_000_000;

    private final RuleChecks checks;
    private final Map<String, String> seen = new HashMap<>();
    private final TreeMap<String, List<PrefixMatch>> prefixes = new TreeMap<>();
    private int comparisons;

    UnreachableRoutes(RuleChecks checks) {
        this.checks = checks;
    }

    void check(List<Message> routes) {
        String catchAll = null;
        for (int i = 0; i < routes.size(); i++) {
            Message route = routes.get(i);
            String name = route.string("name").isEmpty() ? "http[" + i + "]" : MessageText.quote(route.string("name"));
            if (catchAll != null) {
                checks.warning(
                        ConfigCheck.UNREACHABLE_ROUTE,
                        route.place(),
                        "the route " + name + " is never used: " + catchAll + " before it takes every request",
                        "move the catch-all route to the end");
                continue;
            }
            List<Message> matches = route.messages("match");
            matches(name, matches, route.place());
            if (matches.isEmpty() || matches.stream().anyMatch(UnreachableRoutes::takesEverything)) {
                catchAll = name;
            }
        }
    }

    private void matches(String routeName, List<Message> matches, Place place) {
        int doubled = 0;
        for (Message match : matches) {
            String earlier = seen.putIfAbsent(conditions(match), routeName);
            if (earlier != null) {
                checks.warning(
                        ConfigCheck.UNREACHABLE_MATCH,
                        match.place(),
                        "the match is never used: the same stands in " + earlier,
                        "remove one of the two, or make them differ");
                doubled++;
                continue;
            }
            PrefixMatch prefix = PrefixMatch.of(match, routeName);
            if (prefix != null) {
                covered(prefix);
                prefixes.computeIfAbsent(prefix.prefix, key -> new ArrayList<>())
                        .add(prefix);
            }
        }
        if (doubled > 1 && doubled == matches.size()) {
            checks.warning(
                    ConfigCheck.UNREACHABLE_ROUTE,
                    place,
                    "the route " + routeName + " is never used: all its matches are taken",
                    "place it before the routes that take them, or remove it");
        }
    }

    /**
     * Looks for an earlier match whose prefix is a prefix of this one's. All such keys are found by going down the sorted
     * map: what is not a prefix shows how long one can still be.
     */
    private void covered(PrefixMatch later) {
        String at = later.prefix;
        while (!at.isEmpty()) {
            Map.Entry<String, List<PrefixMatch>> entry = prefixes.floorEntry(at);
            if (entry == null) {
                return;
            }
            String key = entry.getKey();
            if (later.prefix.startsWith(key)) {
                for (PrefixMatch earlier : entry.getValue()) {
                    if (++comparisons > MOST_COMPARISONS) {
                        return;
                    }
                    if (earlier.takesAllOf(later)) {
                        neverUsed(earlier, later);
                        return;
                    }
                }
                at = key.substring(0, key.length() - 1);
            } else {
                if (++comparisons > MOST_COMPARISONS) {
                    return;
                }
                at = commonPrefix(later.prefix, key);
            }
        }
    }

    private void neverUsed(PrefixMatch earlier, PrefixMatch later) {
        checks.warning(
                ConfigCheck.UNREACHABLE_MATCH,
                later.place,
                "the match is never used: the prefix " + MessageText.quote(earlier.prefix) + " of " + earlier.routeName
                        + " covers " + MessageText.quote(later.prefix),
                "move the longer prefix before the shorter one");
    }

    private static String commonPrefix(String a, String b) {
        int i = 0;
        while (i < a.length() && i < b.length() && a.charAt(i) == b.charAt(i)) {
            i++;
        }
        return a.substring(0, i);
    }

    private static boolean takesEverything(Message match) {
        for (String field : match.given()) {
            boolean condition = switch (field) {
                case "name", "statPrefix", "ignoreUriCase" -> false;
                case "uri" -> !everyPath(match.message("uri"));
                default -> true;
            };
            if (condition) {
                return false;
            }
        }
        return true;
    }

    private static boolean everyPath(@Nullable Message uri) {
        if (uri == null || uri.isEmpty()) {
            return true;
        }
        if (uri.has("regex")) {
            return uri.string("regex").equals(".*");
        }
        return uri.has("prefix")
                && (uri.string("prefix").isEmpty() || uri.string("prefix").equals("/"));
    }

    /** The conditions as text that is the same for the same conditions; what does not choose requests is left out. */
    private static String conditions(Message match, String... without) {
        Set<String> fields = new TreeSet<>();
        match.given().forEach(fields::add);
        fields.remove("name");
        fields.remove("statPrefix");
        List.of(without).forEach(fields::remove);
        StringBuilder text = new StringBuilder();
        for (String field : fields) {
            text.append(field).append('=');
            append(text, match, field);
            text.append(';');
        }
        return text.toString();
    }

    private static void append(StringBuilder text, Message match, String field) {
        switch (field) {
            case "uri", "scheme", "method", "authority" -> text.append(condition(match.message(field)));
            case "headers", "withoutHeaders", "queryParams" ->
                new TreeMap<>(match.map(field))
                        .forEach((name, value) -> text.append(whole(name)).append(condition(value.message())));
            case "sourceLabels" ->
                new TreeMap<>(match.stringMap(field))
                        .forEach((name, value) -> text.append(whole(name)).append(whole(value)));
            case "gateways" -> match.strings(field).forEach(name -> text.append(whole(name)));
            case "port" -> text.append(match.number(field));
            case "ignoreUriCase" -> text.append(match.bool(field));
            default -> text.append(whole(match.string(field)));
        }
    }

    private static String condition(@Nullable Message match) {
        if (match == null) {
            return "-";
        }
        String kind = match.has("regex") ? "regex" : match.has("prefix") ? "prefix" : match.has("exact") ? "exact" : "";
        return kind + (kind.isEmpty() ? "" : whole(match.string(kind)));
    }

    private static String whole(String text) {
        return text.length() + ":" + text;
    }

    /** A match with a uri prefix; the other conditions as text. */
    private record PrefixMatch(String prefix, boolean ignoreCase, String conditions, String routeName, Place place) {
        static @Nullable PrefixMatch of(Message match, String routeName) {
            Message uri = match.message("uri");
            if (uri == null || uri.has("regex") || uri.string("prefix").isEmpty()) {
                return null;
            }
            return new PrefixMatch(
                    uri.string("prefix"),
                    match.bool("ignoreUriCase"),
                    UnreachableRoutes.conditions(match, "uri", "ignoreUriCase"),
                    routeName,
                    match.place());
        }

        boolean takesAllOf(PrefixMatch later) {
            return (ignoreCase || !later.ignoreCase) && (conditions.isEmpty() || conditions.equals(later.conditions));
        }
    }
}
