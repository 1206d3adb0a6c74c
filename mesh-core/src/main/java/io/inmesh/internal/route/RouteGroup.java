package io.inmesh.internal.route;

import io.inmesh.call.RequestHead;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Routes with one path condition, by what else they ask for. Each stands in one place: under a header's name and exact
 * value or under an exact authority, whichever the fewest others ask for, else under a header's name, else among the
 * rest. Immutable.
 */
final class RouteGroup {
    private static final int BUCKETS = 64;
    private static final HeaderRoutes[] NONE = new HeaderRoutes[0];

    private final int lowest;
    private final RouteCandidates rest;
    private final Map<String, RouteCandidates> byAuthority;
    /** By {@link #bucket} of the name; empty when no route asks for a header. */
    private final HeaderRoutes[][] byHeader;

    /** Routes that ask for a header: by the exact value that they ask for, and the others. */
    private record HeaderRoutes(String name, Map<String, RouteCandidates> byValue, RouteCandidates others) {}

    private RouteGroup(
            int lowest, RouteCandidates rest, Map<String, RouteCandidates> byAuthority, HeaderRoutes[][] byHeader) {
        this.lowest = lowest;
        this.rest = rest;
        this.byAuthority = byAuthority;
        this.byHeader = byHeader;
    }

    /** The lowest position of all. */
    int lowest() {
        return lowest;
    }

    /** The lowest position below {@code limit} of a route whose other conditions hold, else {@code limit}. */
    int first(RequestHead head, String pathAndQuery, int limit) {
        if (lowest >= limit) {
            return limit;
        }
        int first = rest.first(head, pathAndQuery, limit);
        if (!byAuthority.isEmpty()) {
            first = first(byAuthority.get(head.authority()), head, pathAndQuery, first);
        }
        if (byHeader.length > 0) {
            for (int line = 0; line < head.headerCount(); line++) {
                first = firstByHeader(line, head, pathAndQuery, first);
            }
        }
        return first;
    }

    private int firstByHeader(int line, RequestHead head, String pathAndQuery, int limit) {
        String name = head.headerName(line);
        int first = limit;
        for (HeaderRoutes routes : byHeader[bucket(name)]) {
            if (routes.name().equalsIgnoreCase(name)) {
                String value = head.headerValue(line);
                RouteCandidates exact = routes.byValue().get(value);
                // A request of many equal lines costs no more than one that has the line once.
                if (exact != null && !isRepeated(head, line, value)) {
                    first = exact.first(head, pathAndQuery, first);
                }
                if (routes.others() != RouteCandidates.NONE && !isRepeated(head, line, null)) {
                    first = routes.others().first(head, pathAndQuery, first);
                }
            }
        }
        return first;
    }

    /** Whether a line before has the name, and the value unless that is null. */
    private static boolean isRepeated(RequestHead head, int line, @Nullable String value) {
        for (int i = 0; i < line; i++) {
            if (head.headerName(i).equalsIgnoreCase(head.headerName(line))
                    && (value == null || value.equals(head.headerValue(i)))) {
                return true;
            }
        }
        return false;
    }

    private static int first(@Nullable RouteCandidates candidates, RequestHead head, String pathAndQuery, int limit) {
        return candidates == null ? limit : candidates.first(head, pathAndQuery, limit);
    }

    /** Names that differ in case only have the same. */
    private static int bucket(String name) {
        int length = name.length();
        if (length == 0) {
            return 0;
        }
        int ends = (name.charAt(0) | 0x20) * 31 + (name.charAt(length - 1) | 0x20);
        return (ends * 31 + length) & (BUCKETS - 1);
    }

    /** Collects routes; of one thread. */
    static final class Builder {
        private final List<Entry> entries = new ArrayList<>();
        private final Map<ExactValue, Integer> users = new HashMap<>();

        private record Entry(int position, RouteMatcher matcher) {}

        /** A value that routes ask for: of a header in lower case, or of the authority ({@code name} is empty). */
        private record ExactValue(String name, String value) {}

        /** Adds a route; positions come in ascending order. */
        void add(int position, RouteMatcher matcher) {
            entries.add(new Entry(position, matcher));
            matcher.exactValues((name, value) -> users.merge(new ExactValue(name, value), 1, Integer::sum));
        }

        RouteGroup build() {
            RouteCandidates.Builder rest = new RouteCandidates.Builder();
            Map<String, RouteCandidates.Builder> byAuthority = new LinkedHashMap<>();
            Map<String, Map<String, RouteCandidates.Builder>> byValue = new LinkedHashMap<>();
            Map<String, RouteCandidates.Builder> byName = new LinkedHashMap<>();
            for (Entry entry : entries) {
                ExactValue exact = rarest(entry.matcher());
                String name = exact == null ? entry.matcher().requiredHeader() : exact.name();
                RouteCandidates.Builder place;
                if (exact != null && exact.name().isEmpty()) {
                    place = byAuthority.computeIfAbsent(exact.value(), value -> new RouteCandidates.Builder());
                } else if (exact != null) {
                    place = byValue.computeIfAbsent(exact.name(), any -> new LinkedHashMap<>())
                            .computeIfAbsent(exact.value(), value -> new RouteCandidates.Builder());
                } else if (name != null) {
                    place = byName.computeIfAbsent(name, any -> new RouteCandidates.Builder());
                } else {
                    place = rest;
                }
                place.add(entry.position(), entry.matcher());
            }
            return new RouteGroup(
                    entries.get(0).position(), rest.build(), built(byAuthority), buckets(byValue, byName));
        }

        private @Nullable ExactValue rarest(RouteMatcher matcher) {
            List<ExactValue> values = new ArrayList<>();
            matcher.exactValues((name, value) -> values.add(new ExactValue(name, value)));
            return values.stream()
                    .min((a, b) -> Integer.compare(users.getOrDefault(a, 0), users.getOrDefault(b, 0)))
                    .orElse(null);
        }

        private static HeaderRoutes[][] buckets(
                Map<String, Map<String, RouteCandidates.Builder>> byValue,
                Map<String, RouteCandidates.Builder> byName) {
            Map<String, HeaderRoutes> headers = new LinkedHashMap<>();
            byValue.forEach((name, values) ->
                    headers.put(name, new HeaderRoutes(name, built(values), built(byName.get(name)))));
            byName.forEach((name, others) ->
                    headers.computeIfAbsent(name, any -> new HeaderRoutes(name, Map.of(), others.build())));
            if (headers.isEmpty()) {
                return new HeaderRoutes[0][];
            }
            List<List<HeaderRoutes>> buckets = new ArrayList<>();
            for (int i = 0; i < BUCKETS; i++) {
                buckets.add(new ArrayList<>());
            }
            headers.forEach((name, routes) -> buckets.get(bucket(name)).add(routes));
            return buckets.stream()
                    .map(bucket -> bucket.isEmpty() ? NONE : bucket.toArray(HeaderRoutes[]::new))
                    .toArray(HeaderRoutes[][]::new);
        }

        private static RouteCandidates built(RouteCandidates.@Nullable Builder candidates) {
            return candidates == null ? RouteCandidates.NONE : candidates.build();
        }

        private static Map<String, RouteCandidates> built(Map<String, RouteCandidates.Builder> candidates) {
            Map<String, RouteCandidates> built = new HashMap<>();
            candidates.forEach((value, builder) -> built.put(value, builder.build()));
            return built;
        }
    }
}
