package io.inmesh.internal.balance;

import io.inmesh.internal.host.Host;
import java.util.random.RandomGenerator;

/** A policy over at least one host. */
abstract sealed class HostPicker implements LoadBalancer
        permits RoundRobin, RandomChoice, LeastRequest, WeightedLeastRequest, WeightedRandom {
    /** Envoy: host_selection_retry_max_attempts, which Istio sets to 5. */
    static final int MAX_RESELECTIONS = 5;

    /** Each host once; at least one; never written. */
    final Host[] hosts;

    HostPicker(Host[] hosts) {
        this.hosts = hosts;
    }

    @Override
    public final Host chooseHost(LoadBalancerContext context) {
        Host host = pick(context.random());
        return context.alreadyTried(host) ? pickAnother(host, context) : host;
    }

    /** One draw of the policy. */
    abstract Host pick(RandomGenerator random);

    private Host pickAnother(Host tried, LoadBalancerContext context) {
        Host host = tried;
        for (int i = 0; i < MAX_RESELECTIONS; i++) {
            host = pick(context.random());
            if (!context.alreadyTried(host)) {
                return host;
            }
        }
        int first = below(hosts.length, context.random().nextInt());
        for (int i = 0; i < hosts.length; i++) {
            Host candidate = hosts[(int) ((first + (long) i) % hosts.length)];
            if (!context.alreadyTried(candidate)) {
                return candidate;
            }
        }
        return host;
    }

    /** Maps 32 random bits to 0 (inclusive) .. bound (exclusive) without a division; the bias is below bound / 2^32. */
    static int below(int bound, int randomBits) {
        return (int) ((Integer.toUnsignedLong(randomBits) * bound) >>> 32);
    }
}
