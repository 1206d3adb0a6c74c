package io.inmesh.console;

import java.util.ArrayList;
import java.util.List;

/** What has changed between two texts, line by line, with three lines around each change. */
final class LineDiff {
    private static final int AROUND = 3;

    /** Beyond this many comparisons all that lies between the first and the last change counts as changed. */
    private static final long MOST_COMPARISONS = 4_000_000;

    /**
     * A line.
     *
     * @param kind {@code same}, {@code removed}, {@code added}; {@code gap} where lines are left out
     * @param before number in the older text, 0 when it is not in it
     * @param after number in the newer text, 0 when it is not in it
     */
    record Line(String kind, int before, int after, String text) {}

    private final List<String> before;
    private final List<String> after;
    private final List<Line> lines = new ArrayList<>();

    private LineDiff(List<String> before, List<String> after) {
        this.before = before;
        this.after = after;
    }

    /** @return empty when nothing has changed */
    static List<Line> of(List<String> before, List<String> after) {
        LineDiff diff = new LineDiff(before, after);
        diff.compare();
        return diff.shortened();
    }

    private void compare() {
        int start = 0;
        while (start < before.size()
                && start < after.size()
                && before.get(start).equals(after.get(start))) {
            start++;
        }
        int end = 0;
        while (end < before.size() - start
                && end < after.size() - start
                && before.get(before.size() - 1 - end).equals(after.get(after.size() - 1 - end))) {
            end++;
        }
        for (int i = 0; i < start; i++) {
            same(i, i);
        }
        int oldEnd = before.size() - end;
        int newEnd = after.size() - end;
        middle(start, oldEnd, newEnd);
        for (int i = 0; i < end; i++) {
            same(oldEnd + i, newEnd + i);
        }
    }

    private void middle(int start, int oldEnd, int newEnd) {
        int rows = oldEnd - start;
        int columns = newEnd - start;
        boolean small = (long) rows * columns <= MOST_COMPARISONS;
        int[][] common = small ? common(start, rows, columns) : new int[0][0];
        int i = 0;
        int j = 0;
        while (i < rows || j < columns) {
            if (small && i < rows && j < columns && before.get(start + i).equals(after.get(start + j))) {
                same(start + i++, start + j++);
            } else if (i < rows && (j == columns || !small || common[i + 1][j] >= common[i][j + 1])) {
                lines.add(new Line("removed", start + i + 1, 0, before.get(start + i++)));
            } else {
                lines.add(new Line("added", 0, start + j + 1, after.get(start + j++)));
            }
        }
    }

    /** Longest common subsequence of what is left of both, from each pair of lines on. */
    private int[][] common(int start, int rows, int columns) {
        int[][] common = new int[rows + 1][columns + 1];
        for (int i = rows - 1; i >= 0; i--) {
            for (int j = columns - 1; j >= 0; j--) {
                common[i][j] = before.get(start + i).equals(after.get(start + j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        return common;
    }

    private void same(int old, int fresh) {
        lines.add(new Line("same", old + 1, fresh + 1, before.get(old)));
    }

    private List<Line> shortened() {
        boolean[] kept = new boolean[lines.size()];
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).kind.equals("same")) {
                for (int j = Math.max(0, i - AROUND); j <= Math.min(lines.size() - 1, i + AROUND); j++) {
                    kept[j] = true;
                }
            }
        }
        List<Line> shortened = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (kept[i]) {
                shortened.add(lines.get(i));
            } else if (!shortened.isEmpty()
                    && !shortened.get(shortened.size() - 1).kind.equals("gap")) {
                shortened.add(new Line("gap", 0, 0, ""));
            }
        }
        if (!shortened.isEmpty() && shortened.get(shortened.size() - 1).kind.equals("gap")) {
            shortened.remove(shortened.size() - 1);
        }
        return shortened;
    }
}
