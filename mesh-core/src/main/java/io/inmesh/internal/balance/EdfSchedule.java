package io.inmesh.internal.balance;

import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * One cycle of earliest-deadline-first, as Envoy's weighted round robin plays it: the k-th turn of a host falls due at
 * k / weight, turns due at the same moment are taken in the order in which they were entered. At every point of the
 * cycle no host is more than one turn away from its share, compared with any other.
 */
final class EdfSchedule {
    /** Longest cycle that is laid out: 128 kB of references. */
    static final int MAX_LENGTH = 32_768;

    private EdfSchedule() {}

    /** A turn; {@code number} counts the turns of the host from 1. */
    private record Turn(int index, long number, int weight, long entered) {}

    private static final Comparator<Turn> DUE = (a, b) -> {
        int due = Long.compare(a.number * b.weight, b.number * a.weight);
        return due != 0 ? due : Long.compare(a.entered, b.entered);
    };

    /** Indexes of the hosts in the order of their turns; as long as the sum of the weights. */
    static int[] cycle(int[] weights, int total) {
        PriorityQueue<Turn> queue = new PriorityQueue<>(weights.length, DUE);
        long entered = 0;
        for (int i = 0; i < weights.length; i++) {
            queue.add(new Turn(i, 1, weights[i], entered++));
        }
        int[] cycle = new int[total];
        for (int at = 0; at < total; at++) {
            Turn turn = queue.remove();
            cycle[at] = turn.index;
            queue.add(new Turn(turn.index, turn.number + 1, turn.weight, entered++));
        }
        return cycle;
    }
}
