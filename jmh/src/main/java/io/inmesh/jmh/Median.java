package io.inmesh.jmh;

import java.util.Arrays;

/** The value in the middle. */
public final class Median {
    private Median() {}

    /** Of an even number of values the upper one of the two; NaN of none. */
    public static double of(double[] values) {
        if (values.length == 0) {
            return Double.NaN;
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
