package io.inmesh.internal.balance;

import io.inmesh.internal.host.Host;
import java.util.random.RandomGenerator;

/**
 * LEAST_REQUEST over equal weights: the host with fewest requests in flight of all when there are few hosts, of two
 * random ones when there are many. docs/decisions tells why few hosts are scanned.
 */
final class LeastRequest extends HostPicker {
    /** At most 32, the bits of the mask of ties. */
    static final int SCAN_LIMIT = 16;

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
        return hosts.length <= SCAN_LIMIT ? leastOfAll((int) bits) : lessOfTwo(first, active, (int) bits);
    }

    private Host lessOfTwo(int first, int active, int bits) {
        int second = below(hosts.length - 1, bits);
        Host other = hosts[second < first ? second : second + 1];
        return other.activeRequests() < active ? other : hosts[first];
    }

    private Host leastOfAll(int bits) {
        int least = Integer.MAX_VALUE;
        int ties = 0;
        for (int i = 0; i < hosts.length; i++) {
            int active = hosts[i].activeRequests();
            int self = 1 << i;
            ties = active < least ? self : active == least ? ties | self : ties;
            least = Math.min(least, active);
        }
        for (int skip = below(Integer.bitCount(ties), bits); skip > 0; skip--) {
            ties &= ties - 1;
        }
        return hosts[Integer.numberOfTrailingZeros(ties)];
    }
}
