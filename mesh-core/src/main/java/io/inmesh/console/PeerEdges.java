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
    private static final List<String> FIGURES = List.of(
            "calls", "failed", "clientErrors", "canceled", "rps", "success", "p50Ms", "p95Ms", "p99Ms", "retries");

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

    private static void figures(Map<?, ?> from, Map<String, @Nullable Object> to) {
        for (String figure : FIGURES) {
            if (from.get(figure) instanceof Double number) {
                to.put(figure, number);
            }
        }
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
