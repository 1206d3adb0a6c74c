package io.inmesh.internal.balance;

import io.inmesh.internal.host.Host;
import java.util.random.RandomGenerator;

/** RANDOM: uniform. As in Envoy weights do not matter, but for weight 0, which takes a host out before this. */
final class RandomChoice extends HostPicker {
    RandomChoice(Host[] hosts) {
        super(hosts);
    }

    @Override
    Host pick(RandomGenerator random) {
        return hosts[below(hosts.length, random.nextInt())];
    }
}
