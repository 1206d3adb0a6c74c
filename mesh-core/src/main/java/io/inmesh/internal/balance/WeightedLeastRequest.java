package io.inmesh.internal.balance;

import io.inmesh.internal.host.Host;
import java.util.random.RandomGenerator;

/**
 * LEAST_REQUEST over unequal weights: two hosts are drawn by weight, with replacement, and the one with fewer requests
 * in flight for its weight is taken, the first on a tie. So an idle fleet is used exactly by weight and no host is ever
 * drawn more than twice as often as its weight says.
 */
final class WeightedLeastRequest extends HostPicker {
    private final int[] weights;
    private final AliasTable table;

    WeightedLeastRequest(HostWeights all) {
        super(all.hosts());
        this.weights = all.weights();
        this.table = new AliasTable(weights, all.total());
    }

    @Override
    Host pick(RandomGenerator random) {
        int first = table.sample(random.nextLong());
        Host host = hosts[first];
        long active = host.activeRequests();
        if (active == 0) {
            return host;
        }
        int second = table.sample(random.nextLong());
        long other = hosts[second].activeRequests();
        int otherIsLess = (int) ((other * weights[first] - active * weights[second]) >> 63);
        return hosts[first ^ ((first ^ second) & otherIsLess)];
    }
}
