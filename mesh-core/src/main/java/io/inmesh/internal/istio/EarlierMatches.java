package io.inmesh.internal.istio;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Matches of the routes above, by path, so that thousands are searched in little time. Not thread-safe. */
final class EarlierMatches {
    /** Bounds the work on thousands of routes; who has that many warnings reads no more of them. */
    private static final int MOST_COMPARISONS = 1_000_000;

    private final List<Earlier> ofAnyPath = new ArrayList<>();
    private final Map<String, List<Earlier>> byText = new HashMap<>();
    private final TreeMap<String, List<Earlier>> byPrefix = new TreeMap<>();
    private final List<Earlier> byRegex = new ArrayList<>();
    private final List<Earlier> all = new ArrayList<>();
    private final RegexTrials regexes = new RegexTrials();
    private int comparisons;

    /**
     * A match that some requests reach.
     *
     * @param route index of its route
     * @param match index within the route
     */
    record Earlier(int route, int match, MatchConditions conditions) {
        private boolean isBefore(@Nullable Earlier other) {
            return other == null || route < other.route || route == other.route && match < other.match;
        }
    }

    /**
     * Adds one.
     *
     * @param takesAll whether it takes all requests for which its conditions hold; those of a delegating route do not
     */
    void add(Earlier earlier, boolean takesAll) {
        all.add(earlier);
        if (!takesAll) {
            return;
        }
        TextCondition path = earlier.conditions().path();
        String text = path.value().toLowerCase(Locale.ROOT);
        switch (path.kind()) {
            case ANY -> ofAnyPath.add(earlier);
            case EXACT -> byText.computeIfAbsent(text, key -> new ArrayList<>()).add(earlier);
            case PREFIX ->
                byPrefix.computeIfAbsent(text, key -> new ArrayList<>()).add(earlier);
            case REGEX -> byRegex.add(earlier);
        }
    }

    /** The first that takes all that later conditions would, null when none does. */
    @Nullable
    Earlier covering(MatchConditions later) {
        Earlier first = null;
        TextCondition path = later.path();
        for (List<Earlier> some : List.of(
                ofAnyPath,
                byText.getOrDefault(path.value().toLowerCase(Locale.ROOT), List.of()),
                byRegex,
                withPrefixOf(path.beginning().toLowerCase(Locale.ROOT)))) {
            for (Earlier earlier : some) {
                if (earlier.isBefore(first) && isLeft() && covers(earlier.conditions(), later)) {
                    first = earlier;
                }
            }
        }
        return first;
    }

    /**
     * Those whose prefix a text begins with. They are found by going down the sorted map: what is not such a prefix shows
     * how long one can still be.
     */
    private List<Earlier> withPrefixOf(String text) {
        List<Earlier> found = new ArrayList<>();
        String at = text;
        while (!at.isEmpty() && isLeft()) {
            Map.Entry<String, List<Earlier>> entry = byPrefix.floorEntry(at);
            if (entry == null) {
                break;
            }
            String key = entry.getKey();
            if (text.startsWith(key)) {
                found.addAll(entry.getValue());
                at = key.substring(0, key.length() - 1);
            } else {
                at = commonPrefix(text, key);
            }
        }
        return found;
    }

    /** Whether one of some conditions covers a match from a route on; yes where there are too many to look. */
    boolean anyFrom(int route, List<MatchConditions> some) {
        for (int i = all.size() - 1; i >= 0 && all.get(i).route() >= route; i--) {
            for (MatchConditions one : some) {
                if (!isLeft() || covers(one, all.get(i).conditions())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether one of some conditions covers another one behind it; yes where there are too many to look. */
    boolean isRepetitive(List<MatchConditions> some) {
        for (int i = 0; i < some.size(); i++) {
            for (int j = i + 1; j < some.size(); j++) {
                if (!isLeft() || covers(some.get(i), some.get(j))) {
                    return true;
                }
            }
        }
        return false;
    }

    boolean covers(MatchConditions one, MatchConditions other) {
        return one.covers(other, regexes);
    }

    private boolean isLeft() {
        return ++comparisons <= MOST_COMPARISONS;
    }

    private static String commonPrefix(String a, String b) {
        int i = 0;
        while (i < a.length() && i < b.length() && a.charAt(i) == b.charAt(i)) {
            i++;
        }
        return a.substring(0, i);
    }
}
