package io.inmesh.console;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the console of another process says of its edges: only what belongs to the contract, in its types and bounds.
 *
 * @param self the process
 * @param version of the process, empty when not known
 * @param edges in the form of this process's own
 */
record PeerEdges(Names self, String version, List<Map<String, @Nullable Object>> edges) {
    private static final int MOST_EDGES = 500;
    private static final int MOST_VERSIONS = 20;
    private static final int LONGEST_NAME = 253;
    private static final double LARGEST = 1e12;
    private static final List<String> COUNTS = List.of("calls", "failed", "clientErrors", "canceled", "rps", "retries");
    private static final List<String> MILLIS = List.of("p50Ms", "p95Ms", "p99Ms");

    /** @throws IllegalArgumentException when the text is something else */
    static PeerEdges read(String text) {
        Map<?, ?> document = object(JsonReader.read(text));
        Map<?, ?> self = object(document.get("self"));
        List<Map<String, @Nullable Object>> edges = new ArrayList<>();
        for (Object edge : list(document.get("edges"))) {
            if (edges.size() < MOST_EDGES) {
                edges.add(edge(object(edge)));
            }
        }
        return new PeerEdges(names(self), name(self.get("version")), edges);
    }

    private static Map<String, @Nullable Object> edge(Map<?, ?> given) {
        Map<?, ?> to = object(given.get("to"));
        Map<String, @Nullable Object> target = names(to).document();
        target.put("kind", name(to.get("kind")));
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("to", target);
        figures(given, map);
        List<Map<String, @Nullable Object>> versions = new ArrayList<>();
        for (Object version : list(given.get("versions"))) {
            if (versions.size() < MOST_VERSIONS) {
                Map<String, @Nullable Object> one = new LinkedHashMap<>();
                one.put("version", name(object(version).get("version")));
                figures(object(version), one);
                versions.add(one);
            }
        }
        map.put("versions", versions);
        return map;
    }

    /** Counts that are missing are 0; of the others null says that there is nothing to tell. */
    private static void figures(Map<?, ?> from, Map<String, @Nullable Object> to) {
        for (String count : COUNTS) {
            Double number = figure(from, count, LARGEST);
            to.put(count, number == null ? 0.0 : number);
        }
        to.put("success", figure(from, "success", 1));
        for (String millis : MILLIS) {
            to.put(millis, figure(from, millis, LARGEST));
        }
        double parts = count(to, "failed") + count(to, "clientErrors") + count(to, "canceled");
        if (parts > count(to, "calls")) {
            throw new IllegalArgumentException("more calls have failed than there were");
        }
    }

    private static double count(Map<String, @Nullable Object> figures, String name) {
        return figures.get(name) instanceof Double number ? number : 0;
    }

    private static @Nullable Double figure(Map<?, ?> from, String name, double largest) {
        Object given = from.get(name);
        if (given == null) {
            return null;
        }
        if (given instanceof Double number && number >= 0 && number <= largest) {
            return number;
        }
        throw new IllegalArgumentException(name + " is no number from 0 to " + largest);
    }

    private static Names names(Map<?, ?> given) {
        return new Names(name(given.get("name")), name(given.get("namespace")));
    }

    private static String name(@Nullable Object given) {
        if (!(given instanceof String text) || text.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("a name is missing or too long");
        }
        return text;
    }

    private static Map<?, ?> object(@Nullable Object given) {
        if (given instanceof Map<?, ?> map) {
            return map;
        }
        throw new IllegalArgumentException("an object is missing");
    }

    private static List<?> list(@Nullable Object given) {
        if (given instanceof List<?> list) {
            return list;
        }
        throw new IllegalArgumentException("a list is missing");
    }
}
