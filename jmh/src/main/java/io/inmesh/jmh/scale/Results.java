package io.inmesh.jmh.scale;

import java.util.Locale;

/** Prints figures as they come, those with a bar with PASS or FAIL, and the verdict over all. */
final class Results {
    private boolean passed = true;

    void heading(String text) {
        System.out.printf("%n%s%n", text);
    }

    void shown(String name, double value, String unit) {
        System.out.printf(Locale.ROOT, "  %-52s %10.2f %s%n", name, value, unit);
    }

    /** Shows a figure that must not be above a bar; NaN misses it. */
    void held(String name, double value, String unit, double most) {
        boolean held = value <= most;
        passed &= held;
        System.out.printf(
                Locale.ROOT, "  %-52s %10.2f %-5s <= %-8.2f %s%n", name, value, unit, most, held ? "PASS" : "FAIL");
    }

    boolean verdict() {
        System.out.printf("%n%s%n", passed ? "PASS" : "FAIL");
        return passed;
    }
}
