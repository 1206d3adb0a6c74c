package io.inmesh.internal.balance;

import io.inmesh.internal.host.Host;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

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
        return host.rests() || context.alreadyTried(host) ? pickAnother(host, context) : host;
    }

    /** One draw of the policy. */
    abstract Host pick(RandomGenerator random);

    private Host pickAnother(Host drawn, LoadBalancerContext context) {
        Host host = drawn;
        for (int i = 0; !isWanted(host, context); i++) {
            if (i == MAX_RESELECTIONS || hosts.length == 1) {
                return anyOther(host, context);
            }
            host = pick(context.random());
        }
        return host;
    }

    private static boolean isWanted(Host host, LoadBalancerContext context) {
        return !context.alreadyTried(host) && (!host.rests() || context.mayTry(host));
    }

    private Host anyOther(Host drawn, LoadBalancerContext context) {
        Host awake = anyUntried(false, context);
        Host untried = awake == null ? anyUntried(true, context) : awake;
        return untried == null ? drawn : untried;
    }

    /** Each with the same probability; null when there is none. */
    private @Nullable Host anyUntried(boolean restingToo, LoadBalancerContext context) {
        Host taken = null;
        int seen = 0;
        for (Host host : hosts) {
            if ((restingToo || !host.rests()) && !context.alreadyTried(host)) {
                seen++;
                taken = below(seen, context.random().nextInt()) == 0 ? host : taken;
            }
        }
        return taken;
    }

    /** Maps 32 random bits to 0 (inclusive) .. bound (exclusive) without a division; the bias is below bound / 2^32. */
    static int below(int bound, int randomBits) {
        return (int) ((Integer.toUnsignedLong(randomBits) * bound) >>> 32);
    }
}
