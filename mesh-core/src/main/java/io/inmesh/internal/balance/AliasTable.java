package io.inmesh.internal.balance;

/**
 * Draws an index with a probability proportional to its weight, in constant time (Walker's alias method, built as Vose
 * does, in integers).
 */
final class AliasTable {
    /** Unsigned: below it the column stands for itself, else for its alias. A full column is its own alias. */
    private final int[] threshold;

    private final int[] alias;

    AliasTable(int[] weights, long total) {
        int n = weights.length;
        threshold = new int[n];
        alias = new int[n];
        // A column holds `total` units and all weights together n * total, so integers come out even.
        long[] units = new long[n];
        int[] small = new int[n];
        int[] large = new int[n];
        int smalls = 0;
        int larges = 0;
        for (int i = 0; i < n; i++) {
            units[i] = (long) weights[i] * n;
            alias[i] = i;
            if (units[i] < total) {
                small[smalls++] = i;
            } else {
                large[larges++] = i;
            }
        }
        while (smalls > 0 && larges > 0) {
            int column = small[--smalls];
            int donor = large[--larges];
            threshold[column] = (int) (long) Math.floor(0x1p32 * units[column] / total);
            alias[column] = donor;
            units[donor] -= total - units[column];
            if (units[donor] < total) {
                small[smalls++] = donor;
            } else {
                large[larges++] = donor;
            }
        }
    }

    /** The index that 64 random bits stand for. */
    int sample(long randomBits) {
        int column = HostPicker.below(threshold.length, (int) (randomBits >>> 32));
        int donor = alias[column];
        // All ones when the column stands for itself; a branch would be mispredicted half the time.
        int itself =
                (int) ((Integer.toUnsignedLong((int) randomBits) - Integer.toUnsignedLong(threshold[column])) >> 63);
        return donor ^ ((donor ^ column) & itself);
    }
}
