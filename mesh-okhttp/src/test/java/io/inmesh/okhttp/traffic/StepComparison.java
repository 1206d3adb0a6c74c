package io.inmesh.okhttp.traffic;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A step as it was played and as it was recorded, both in the recorded form. Of the answers the multiset of status, flags
 * and number of attempts counts, of long runs the shares of the backends, of hosts which are ejected, and of what backends
 * received in full method, path, Host, headers and length of the body. Which backend comes first is chance, and times are
 * bounds.
 */
final class StepComparison {
    /** Of the difference of two shares. */
    private static final double STANDARD_DEVIATIONS = 4.5;

    private final boolean byChance;
    private final JsonObject recorded;
    private final JsonObject played;
    private final List<String> differences = new ArrayList<>();

    private StepComparison(boolean byChance, JsonObject recorded, JsonObject played) {
        this.byChance = byChance;
        this.recorded = recorded;
        this.played = played;
    }

    /**
     * What differs, in words; empty when nothing does.
     *
     * @param byChance whether only the set of the kinds of answers counts
     */
    static List<String> differences(boolean byChance, JsonObject recorded, JsonObject played) {
        StepComparison comparison = new StepComparison(byChance, recorded, played);
        comparison.compare();
        return comparison.differences;
    }

    private void compare() {
        if (recorded.has("counts")) {
            shares(counts(recorded), counts(played));
        } else if (byChance) {
            differ("kinds of answers", kinds(recorded).keySet(), kinds(played).keySet());
        } else {
            differ("answers", kinds(recorded), kinds(played));
            differ("received", received(recorded), received(played));
        }
        SortedSet<String> ejectedThen = ejected(recorded);
        SortedSet<String> ejectedNow = ejected(played);
        if (byChance) {
            differ("number of ejected hosts", ejectedThen.size(), ejectedNow.size());
        } else {
            differ("ejected hosts", ejectedThen, ejectedNow);
        }
    }

    private void differ(String what, Object then, Object now) {
        if (!then.equals(now)) {
            differences.add("%s: recorded %s, here %s".formatted(what, then, now));
        }
    }

    /** How many answers there are of each kind. */
    private Map<String, Integer> kinds(JsonObject answers) {
        Map<String, Integer> kinds = new TreeMap<>();
        for (JsonObject result : results(answers)) {
            String flags = Stream.of(text(result, "flags").split(","))
                    .filter(flag -> !flag.isEmpty())
                    .sorted()
                    .collect(Collectors.joining(","));
            String kind = result.get("status").getAsInt()
                    + (flags.isEmpty() ? "" : " " + flags)
                    + (result.has("body") ? " cut" : "");
            int attempts = result.getAsJsonArray("attempts").size();
            kinds.merge(kind + " in " + (byChance && attempts > 1 ? "more" : attempts), 1, Integer::sum);
        }
        return kinds;
    }

    /** Requests that were written down in full, with their number. */
    private static Map<String, Integer> received(JsonObject step) {
        Map<String, Integer> received = new TreeMap<>();
        for (JsonObject result : results(step)) {
            for (JsonElement element : result.getAsJsonArray("attempts")) {
                JsonObject attempt = element.getAsJsonObject();
                if (attempt.has("method")) {
                    String request = "%s %s of %s with %s and %s bytes"
                            .formatted(
                                    text(attempt, "method"),
                                    text(attempt, "uri"),
                                    text(attempt, "host"),
                                    attempt.get("headers"),
                                    text(attempt, "body"));
                    received.merge(request, 1, Integer::sum);
                }
            }
        }
        return received;
    }

    private static SortedSet<String> ejected(JsonObject step) {
        SortedSet<String> ejected = new TreeSet<>();
        step.getAsJsonObject("hosts")
                .entrySet()
                .forEach(cluster -> cluster.getValue()
                        .getAsJsonObject()
                        .entrySet()
                        .forEach(host -> {
                            if (host.getValue().getAsJsonObject().has("ejected")) {
                                ejected.add(cluster.getKey() + " " + host.getKey());
                            }
                        }));
        return ejected;
    }

    /** Both are samples of one distribution. */
    private void shares(Map<String, Integer> then, Map<String, Integer> now) {
        double all = then.values().stream().mapToInt(Integer::intValue).sum();
        double allNow = now.values().stream().mapToInt(Integer::intValue).sum();
        SortedSet<String> backends = new TreeSet<>(then.keySet());
        backends.addAll(now.keySet());
        for (String backend : backends) {
            int a = then.getOrDefault(backend, 0);
            int b = now.getOrDefault(backend, 0);
            double pooled = (a + b) / (all + allNow);
            double deviation = Math.sqrt(pooled * (1 - pooled) * (1 / all + 1 / allNow));
            if (Math.abs(a / all - b / allNow) > STANDARD_DEVIATIONS * deviation + 1 / all) {
                differences.add(
                        "share of %s: recorded %s of %.0f, here %s of %.0f".formatted(backend, a, all, b, allNow));
            }
        }
    }

    private static Map<String, Integer> counts(JsonObject step) {
        Map<String, Integer> counts = new HashMap<>();
        if (step.has("counts")) {
            step.getAsJsonObject("counts")
                    .entrySet()
                    .forEach(
                            entry -> counts.put(entry.getKey(), entry.getValue().getAsInt()));
        }
        return counts;
    }

    private static List<JsonObject> results(JsonObject step) {
        List<JsonObject> results = new ArrayList<>();
        if (step.has("results")) {
            step.getAsJsonArray("results").forEach(result -> results.add(result.getAsJsonObject()));
        }
        return results;
    }

    private static String text(JsonObject object, String key) {
        JsonElement value = object.get(key);
        return value == null ? "" : value.getAsString();
    }
}
