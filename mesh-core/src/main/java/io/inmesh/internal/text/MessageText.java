package io.inmesh.internal.text;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Pieces of messages. Pure functions. */
public final class MessageText {
    private static final int LONGEST_QUOTE = 80;

    private MessageText() {}

    /** The text in quotes, shortened when it is long, control characters made visible. */
    public static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        int end = Math.min(text.length(), LONGEST_QUOTE);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (c < ' ' || c == 0x7f) {
                        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        quoted.append('"');
        return end < text.length() ? quoted + " (" + text.length() + " characters)" : quoted.toString();
    }

    /** {@code did you mean "x"?} when a candidate is near, else {@code otherwise}. */
    public static String didYouMean(String written, Collection<String> candidates, String otherwise) {
        String nearest = nearest(written, candidates, Math.max(1, fold(written).length() / 3));
        return nearest == null ? otherwise : "did you mean " + quote(nearest) + "?";
    }

    /**
     * The candidate that differs by one edit, or by case and dashes alone; null when there is none.
     *
     * @param written at least three characters, else nothing is near
     */
    public static @Nullable String misspelt(String written, Collection<String> candidates) {
        return nearest(written, candidates, 1);
    }

    private static @Nullable String nearest(String written, Collection<String> candidates, int most) {
        if (written.length() < 3 || written.length() > LONGEST_QUOTE) {
            return null;
        }
        String folded = fold(written);
        String best = null;
        int bestDistance = most + 1;
        for (String candidate : candidates) {
            String other = fold(candidate);
            // As many edits are needed at least as one is longer: this spares nearly all comparisons among thousands.
            if (Math.abs(folded.length() - other.length()) < bestDistance) {
                int distance = distance(folded, other);
                if (distance < bestDistance) {
                    best = candidate;
                    bestDistance = distance;
                }
            }
        }
        return best;
    }

    private static String fold(String name) {
        return name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }

    /** Edits (insert, delete, replace, swap of neighbours) between two short words. */
    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                int least = Math.min(cost[i - 1][j - 1] + same, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    least = Math.min(least, cost[i - 2][j - 2] + 1);
                }
                cost[i][j] = least;
            }
        }
        return cost[a.length()][b.length()];
    }
}
