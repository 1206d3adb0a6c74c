package io.inmesh.internal.balance;

import io.inmesh.internal.host.Host;
import java.util.random.RandomGenerator;

/**
 * LEAST_REQUEST over equal weights (Envoy: power of two choices): of two random hosts the one with fewer requests in
 * flight, the first on a tie. The two are different ones where the first owes an answer; if it only has open bodies, such
 * as streams, it may be drawn twice, so that it keeps a share.
 */
final class LeastRequest extends HostPicker {
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
        if (active == 0 || hosts.length == 1) {
            return host;
        }
        return lessOfTwo(first, active, (int) bits);
    }

    /** A branch on which of them has less would be mispredicted half the time. */
    private Host lessOfTwo(int first, int active, int bits) {
        int second = below(hosts.length, bits);
        if (second == first) {
            Host twice = hosts[first];
            if (!twice.owesAnAnswer()) {
                return twice;
            }
            // What the first draw has left over of its bits.
            second = below(hosts.length - 1, bits * hosts.length);
            second += 1 + ((second - first) >> 31);
        }
        int otherIsLess = (hosts[second].activeRequests() - active) >> 31;
        return hosts[first ^ ((first ^ second) & otherIsLess)];
    }
}
