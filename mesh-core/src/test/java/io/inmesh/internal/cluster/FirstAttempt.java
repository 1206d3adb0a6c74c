package io.inmesh.internal.cluster;

import io.inmesh.internal.balance.LoadBalancerContext;
import io.inmesh.internal.host.Host;
import java.util.random.RandomGenerator;

/** An attempt before which nobody was tried. */
record FirstAttempt(RandomGenerator random) implements LoadBalancerContext {
    @Override
    public boolean alreadyTried(Host host) {
        return false;
    }

    @Override
    public boolean mayTry(Host resting) {
        return false;
    }
}
