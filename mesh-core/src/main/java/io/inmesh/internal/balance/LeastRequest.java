package io.inmesh.internal.balance;

import io.inmesh.internal.host.Host;
import java.util.random.RandomGenerator;

/**
 * LEAST_REQUEST over equal weights: the host with fewest requests in flight of all when there are few hosts, of two
 * random ones when there are many. docs/decisions tells why few hosts are scanned.
 */
final class LeastRequest extends HostPicker {
    static final int SCAN_LIMIT = 16;

    private static final int INDEX_BITS = 4;
    private static final int LOT_BITS = 14;

    /** Hosts with more requests in flight than this count as equally busy. */
    private static final int MAX_ACTIVE = (1 << (31 - LOT_BITS - INDEX_BITS)) - 1;

    /** 2^64 by the golden ratio: tells the hosts apart. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    /** Multiplier of a good generator modulo 2^64: makes the upper bits depend on all bits. */
    private static final long MIX = 0xAF251AF3B0F025B5L;

    LeastRequest(Host[] hosts) {
        super(hosts);
    }

    @Override
    Host pick(RandomGenerator random) {
        long bits = random.nextLong();
        int first = below(hosts.length, (int) (bits >>> 32));
        Host host = hosts[first];
        int active = host.activeRequests();
        // Nobody has fewer than none, and every idle host is found here with the same probability.
        if (active == 0) {
            return host;
        }
        return hosts.length <= SCAN_LIMIT ? leastOfAll(bits) : lessOfTwo(first, active, (int) bits);
    }

    /** Of two different hosts the less busy one, the first on a tie. Branches here would be mispredicted half the time. */
    private Host lessOfTwo(int first, int active, int bits) {
        int second = below(hosts.length - 1, bits);
        second += 1 + ((second - first) >> 31);
        int otherIsLess = (hosts[second].activeRequests() - active) >> 31;
        return hosts[first ^ ((first ^ second) & otherIsLess)];
    }

    /**
     * The least busy host; ties are decided by lot. One number holds requests in flight, lot and index in this order, so
     * that the least number is the host wanted and nothing has to branch.
     */
    private Host leastOfAll(long seed) {
        Host[] hosts = this.hosts;
        long spread = 0;
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < hosts.length; i++) {
            int lot = (int) (((seed ^ spread) * MIX) >>> (64 - LOT_BITS)) << INDEX_BITS;
            spread += SPREAD;
            int active = Math.min(hosts[i].activeRequests(), MAX_ACTIVE);
            least = Math.min(least, active << (LOT_BITS + INDEX_BITS) | lot | i);
        }
        return hosts[least & ((1 << INDEX_BITS) - 1)];
    }
}
