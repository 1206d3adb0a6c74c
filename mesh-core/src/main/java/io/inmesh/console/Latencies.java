package io.inmesh.console;

/**
 * Counts of durations in classes that grow by a quarter of a power of two, from 64 µs to 134 s: a percentile is at most a
 * quarter too high or a fifth too low.
 */
final class Latencies {
    /** Lower bound of the second class: 2^6 µs. */
    private static final int FIRST_POWER = 6;

    private static final int POWERS = 21;

    /** Classes that there are; the first is for what is shorter, the last for what is longer. */
    static final int CLASSES = POWERS * 4 + 2;

    private Latencies() {}

    /** Which class a duration is in. */
    static int classOf(long nanos) {
        long micros = nanos / 1000;
        if (micros < 1 << FIRST_POWER) {
            return 0;
        }
        int power = 63 - Long.numberOfLeadingZeros(micros);
        int quarter = (int) (micros >>> (power - 2)) & 3;
        return Math.min((power - FIRST_POWER) * 4 + quarter + 1, CLASSES - 1);
    }

    /** Least duration of a class, in microseconds. */
    private static double lowerMicros(int index) {
        if (index == 0) {
            return 0;
        }
        int power = FIRST_POWER + (index - 1) / 4;
        return Math.scalb(1 + (index - 1) % 4 / 4.0, power);
    }

    /**
     * Percentile of counted durations, in milliseconds.
     *
     * @param counts by class
     * @param share such as 0.95
     * @return -1 when nothing was counted
     */
    static double percentileMillis(long[] counts, double share) {
        long total = 0;
        for (long count : counts) {
            total += count;
        }
        if (total == 0) {
            return -1;
        }
        double wanted = share * total;
        long below = 0;
        int index = 0;
        while (below + counts[index] < wanted) {
            below += counts[index++];
        }
        double lower = lowerMicros(index);
        double upper = index == CLASSES - 1 ? lower : lowerMicros(index + 1);
        double within = counts[index] == 0 ? 0 : (wanted - below) / counts[index];
        return (lower + (upper - lower) * within) / 1000;
    }
}
