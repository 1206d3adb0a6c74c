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
    /** The hosts themselves when all weights are equal. */
    private final Host[] cycle;

    private final StripedCursor cursor;

    private RoundRobin(Host[] hosts, Host[] cycle, StripedCursor cursor) {
        super(hosts);
        this.cycle = cycle;
        this.cursor = cursor;
    }

    static RoundRobin over(Shares shares, @Nullable RoundRobin previous, RandomGenerator random, int stripes) {
        Host[] hosts = shares.hosts();
        Host[] cycle = shares.equal() ? hosts : cycleOf(shares);
        IntUnaryOperator start = previous != null && previous.cursor.stripes() == stripes
                ? previous.successor(hosts, cycle)
                : stripe -> random.nextInt(cycle.length);
        return new RoundRobin(hosts, cycle, new StripedCursor(cycle.length, stripes, start));
    }

    private static Host[] cycleOf(Shares shares) {
        int[] order = EdfSchedule.cycle(shares.weights(), Math.toIntExact(shares.total()));
        Host[] cycle = new Host[order.length];
        for (int i = 0; i < order.length; i++) {
            cycle[i] = shares.hosts()[order[i]];
        }
        return cycle;
    }

    @Override
    Host pick(RandomGenerator random) {
        return cycle[cursor.next()];
    }

    /**
     * Where each stripe goes on in another cycle. Between lists of equal weight that is the host whose turn it is, or
     * the nearest after it that is still there, so that nobody is skipped or served twice. Otherwise it is the same part
     * of the cycle.
     */
    private IntUnaryOperator successor(Host[] newHosts, Host[] newCycle) {
        if (cycle != hosts || newCycle != newHosts) {
            return stripe -> (int) ((long) cursor.place(stripe) * newCycle.length / cycle.length);
        }
        Map<Host, Integer> places = new IdentityHashMap<>();
        for (int i = 0; i < newCycle.length; i++) {
            places.put(newCycle[i], i);
        }
        return stripe -> {
            int place = cursor.place(stripe);
            for (int i = 0; i < cycle.length; i++) {
                Integer found = places.get(cycle[(int) ((place + (long) i) % cycle.length)]);
                if (found != null) {
                    return found;
                }
            }
            return place % newCycle.length;
        };
    }
}
