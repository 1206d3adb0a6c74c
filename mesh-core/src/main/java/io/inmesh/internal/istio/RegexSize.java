package io.inmesh.internal.istio;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Bounds what a regular expression grows to when its repetitions are written out, before anything compiles it: a few
 * characters such as {@code ((a{1000}){1000}){1000}} would take all memory. Go, and so Istio, refuses repetitions inside
 * each other of more than a thousand together; Envoy refuses programs about as long as those that are refused here.
 */
final class RegexSize {
    private static final int MOST_REPETITIONS = 1_000;
    private static final long LARGEST_PROGRAM = 100_000;

    private final String regex;
    private final Deque<Group> open = new ArrayDeque<>();
    private Group group = new Group();
    private int at;
    private boolean tooLarge;

    /** What has been read between two parentheses: all of it, and of the last atom alone. */
    private static final class Group {
        private long size;
        private long repetitions = 1;
        private long atomSize;
        private long atomRepetitions = 1;

        void atom(long atomSize, long atomRepetitions) {
            this.atomSize = atomSize;
            this.atomRepetitions = atomRepetitions;
            size += atomSize;
            repetitions = Math.max(repetitions, atomRepetitions);
        }

        void repeat(long times) {
            size += atomSize * (times - 1);
            atomSize *= times;
            atomRepetitions *= times;
            repetitions = Math.max(repetitions, atomRepetitions);
        }
    }

    private RegexSize(String regex) {
        this.regex = regex;
    }

    /** Roughly the number of instructions, -1 when it must not be compiled. One with syntax errors may count too little. */
    static long of(String regex) {
        RegexSize size = new RegexSize(regex);
        return size.measure() ? -1 : size.group.size;
    }

    private boolean measure() {
        while (at < regex.length() && !tooLarge) {
            step();
            tooLarge |= group.repetitions > MOST_REPETITIONS || group.size > LARGEST_PROGRAM;
        }
        return tooLarge;
    }

    private void step() {
        char c = regex.charAt(at);
        switch (c) {
            case '(' -> open();
            case ')' -> close();
            case '[' -> characterClass();
            case '\\' -> escape();
            case '{' -> repetition();
            default -> {
                group.atom(1, 1);
                at++;
            }
        }
    }

    private void open() {
        open.push(group);
        group = new Group();
        at++;
        if (regex.startsWith("?", at)) {
            while (at < regex.length() && ":>)".indexOf(regex.charAt(at)) < 0) {
                at++;
            }
            at += at < regex.length() && regex.charAt(at) != ')' ? 1 : 0;
        }
    }

    private void close() {
        at++;
        if (!open.isEmpty()) {
            Group closed = group;
            group = open.pop();
            group.atom(closed.size + 2, closed.repetitions);
        }
    }

    private void characterClass() {
        at++;
        if (regex.startsWith("^", at)) {
            at++;
        }
        // A bracket in the first place stands for itself.
        if (regex.startsWith("]", at)) {
            at++;
        }
        while (at < regex.length() && regex.charAt(at) != ']') {
            int named = regex.startsWith("[:", at) ? regex.indexOf(":]", at + 2) : -1;
            at = named >= 0 ? named + 2 : at + (regex.charAt(at) == '\\' ? 2 : 1);
        }
        at++;
        group.atom(1, 1);
    }

    private void escape() {
        if (regex.startsWith("Q", at + 1)) {
            int end = regex.indexOf("\\E", at + 2);
            int literals = (end < 0 ? regex.length() : end) - at - 2;
            for (int i = 0; i < literals; i++) {
                group.atom(1, 1);
            }
            at = end < 0 ? regex.length() : end + 2;
            return;
        }
        group.atom(1, 1);
        boolean braces = regex.startsWith("{", at + 2) && "pPx".indexOf(regex.charAt(at + 1)) >= 0;
        int brace = braces ? regex.indexOf('}', at) : -1;
        at = brace >= 0 ? brace + 1 : at + 2;
    }

    /** {@code {n}}, {@code {n,}} or {@code {n,m}}; anything else in braces is text. */
    private void repetition() {
        int end = regex.indexOf('}', at);
        String inside = end < 0 ? "" : regex.substring(at + 1, end);
        int comma = inside.indexOf(',');
        int least = count(comma < 0 ? inside : inside.substring(0, comma));
        String upper = comma < 0 ? "" : inside.substring(comma + 1);
        int most = upper.isEmpty() ? least : count(upper);
        if (least < 0 || most < 0) {
            group.atom(1, 1);
            at++;
            return;
        }
        group.repeat(Math.max(1, Math.max(least, most)));
        at = end + 1;
    }

    /** The number, -1 when the text is none; more than is allowed is all the same. */
    private static int count(String digits) {
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        return digits.length() > 4 ? MOST_REPETITIONS + 1 : Integer.parseInt(digits);
    }
}
