package io.inmesh.jmh.scale;

/** Counts of times, to the nanosecond up to 131 µs; what is longer counts as that. */
final class Histogram {
    private final int[] counts = new int[1 << 17];
    private long total;

    void add(long nanos) {
        counts[(int) Math.max(0, Math.min(nanos, counts.length - 1))]++;
        total++;
    }

    /** The time that a share of all samples does not exceed; 0 without samples. */
    long percentile(double share) {
        long left = (long) Math.ceil(share * total);
        for (int nanos = 0; nanos < counts.length; nanos++) {
            left -= counts[nanos];
            if (left <= 0) {
                return nanos;
            }
        }
        return counts.length;
    }
}
