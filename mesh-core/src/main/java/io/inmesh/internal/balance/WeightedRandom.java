package io.inmesh.internal.balance;

import io.inmesh.internal.host.Host;
import java.util.random.RandomGenerator;

/** ROUND_ROBIN with weights whose cycle is too long for a schedule: shares hold on average instead of in each cycle. */
final class WeightedRandom extends HostPicker {
    private final AliasTable table;

    WeightedRandom(HostWeights weights) {
        super(weights.hosts());
        this.table = new AliasTable(weights.weights(), weights.total());
    }

    @Override
    Host pick(RandomGenerator random) {
        return hosts[table.sample(random.nextLong())];
    }
}
