package io.inmesh.internal.balance;

import io.inmesh.internal.host.Host;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * ROUND_ROBIN: the hosts in turn. Weights are laid out beforehand as one cycle of turns, so that a weighted pick costs
 * what an unweighted one does. As with Envoy's workers each stripe of threads has its own place in the cycle.
 */
final class RoundRobin extends HostPicker {
    /**
     * A short cycle is laid out several times, up to this length: going back to its start costs a pick that does so
     * more than one that moves on.
     */
    private static final int MIN_LAYOUT = 64;

    private final Host[] layout;
    private final int length;
    private final int shift;
    private final int[] places;

    /** Turns of one cycle; the layout is a multiple of it. */
    private final int turns;

    /** Whether a cycle is the hosts themselves in order. */
    private final boolean equal;

    private final int stripes;

    private RoundRobin(Host[] hosts, Host[] cycle, int stripes, IntUnaryOperator start) {
        super(hosts);
        this.turns = cycle.length;
        this.equal = cycle == hosts;
        this.length = turns * Math.max(1, MIN_LAYOUT / turns);
        this.layout = new Host[length];
        for (int i = 0; i < length; i++) {
            layout[i] = cycle[i % turns];
        }
        this.stripes = stripes;
        this.shift = StripedCursor.shift(stripes);
        this.places = StripedCursor.places(stripes, start);
    }

    static RoundRobin over(HostWeights weights, @Nullable RoundRobin previous, RandomGenerator random, int stripes) {
        Host[] hosts = weights.hosts();
        Host[] cycle = weights.equal() ? hosts : cycleOf(weights);
        IntUnaryOperator start = previous != null && previous.stripes == stripes
                ? previous.successor(cycle, weights.equal())
                : stripe -> random.nextInt(cycle.length);
        return new RoundRobin(hosts, cycle, stripes, start);
    }

    private static Host[] cycleOf(HostWeights weights) {
        int[] order = EdfSchedule.cycle(weights.weights(), Math.toIntExact(weights.total()));
        Host[] cycle = new Host[order.length];
        for (int i = 0; i < order.length; i++) {
            cycle[i] = weights.hosts()[order[i]];
        }
        return cycle;
    }

    @Override
    Host pick(RandomGenerator random) {
        return layout[StripedCursor.next(places, shift, length)];
    }

    /**
     * Where each stripe goes on in another cycle. Between lists of equal weight that is the host whose turn it is, or
     * the nearest after it that is still there, so that nobody is skipped or served twice. Otherwise it is the same part
     * of the cycle.
     */
    private IntUnaryOperator successor(Host[] newCycle, boolean newEqual) {
        if (!equal || !newEqual) {
            return stripe -> (int) ((long) turn(stripe) * newCycle.length / turns);
        }
        Map<Host, Integer> newTurns = new IdentityHashMap<>();
        for (int i = 0; i < newCycle.length; i++) {
            newTurns.put(newCycle[i], i);
        }
        return stripe -> {
            int turn = turn(stripe);
            for (int i = 0; i < turns; i++) {
                Integer found = newTurns.get(layout[(turn + i) % turns]);
                if (found != null) {
                    return found;
                }
            }
            return turn % newCycle.length;
        };
    }

    private int turn(int stripe) {
        return StripedCursor.place(places, stripe) % turns;
    }
}
