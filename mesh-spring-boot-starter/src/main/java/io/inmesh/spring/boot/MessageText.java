package io.inmesh.spring.boot;

import java.util.Collection;
import java.util.Comparator;

/** Phrases for messages. */
final class MessageText {
    private static final int MAX_SHOWN = 40;

    private MessageText() {}

    /** The beginning of a value. */
    static String shorten(String value) {
        return value.length() <= MAX_SHOWN ? value : value.substring(0, MAX_SHOWN) + "...";
    }

    /** {@code did you mean 'weight'?} where one of the names is close, else all of them. */
    static String suggest(String written, Collection<String> names) {
        String uniform = PropertySchema.uniform(written);
        if (uniform.isEmpty()) {
            return "known here: " + String.join(", ", names);
        }
        return names.stream()
                .min(Comparator.<String>comparingInt(name -> distance(uniform, PropertySchema.uniform(name)))
                        .thenComparing(name -> !PropertySchema.uniform(name).startsWith(uniform.substring(0, 1))))
                .filter(name -> distance(uniform, PropertySchema.uniform(name)) <= 1 + uniform.length() / 4)
                .map(name -> "did you mean '" + name + "'?")
                .orElseGet(() -> "known here: " + String.join(", ", names));
    }

    /** Edit distance, a swap of neighbours counting as one. */
    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                int best = Math.min(cost[i - 1][j - 1] + change, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                cost[i][j] = swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
            }
        }
        return cost[a.length()][b.length()];
    }
}
