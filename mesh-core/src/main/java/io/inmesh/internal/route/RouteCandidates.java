package io.inmesh.internal.route;

import io.inmesh.call.RequestHead;
import java.util.ArrayList;
import java.util.List;

/** Routes whose conditions, but for that on the path, have to be tried one after the other. Immutable. */
final class RouteCandidates {
    static final RouteCandidates NONE = new Builder().build();

    /** Ascending. */
    private final int[] positions;

    private final RouteMatcher[] matchers;

    private RouteCandidates(int[] positions, RouteMatcher[] matchers) {
        this.positions = positions;
        this.matchers = matchers;
    }

    /** The lowest position below {@code limit} of a route whose conditions hold, else {@code limit}. */
    int first(RequestHead head, String pathAndQuery, int limit) {
        for (int i = 0; i < positions.length && positions[i] < limit; i++) {
            if (matchers[i].fieldsMatch(head, pathAndQuery)) {
                return positions[i];
            }
        }
        return limit;
    }

    /** Collects routes; of one thread. */
    static final class Builder {
        private final List<Integer> positions = new ArrayList<>();
        private final List<RouteMatcher> matchers = new ArrayList<>();

        /** Adds a route; positions come in ascending order. */
        void add(int position, RouteMatcher matcher) {
            positions.add(position);
            matchers.add(matcher);
        }

        RouteCandidates build() {
            return new RouteCandidates(
                    positions.stream().mapToInt(i -> i).toArray(), matchers.toArray(RouteMatcher[]::new));
        }
    }
}
