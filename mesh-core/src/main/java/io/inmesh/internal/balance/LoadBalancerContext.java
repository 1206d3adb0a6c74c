package io.inmesh.internal.balance;

import io.inmesh.internal.host.Host;
import java.util.random.RandomGenerator;

/** What a balancer may know about one attempt. Called on the thread that picks; must not allocate. */
public interface LoadBalancerContext {
    /** Randomness of the calling thread. */
    RandomGenerator random();

    /** Whether an earlier attempt of the same call went to this host: another one is preferred. */
    boolean alreadyTried(Host host);

    /**
     * Whether the attempt is to find out if a resting host can be connected to again; asked only where it would get that
     * host, which is told by {@link Host#mayTry}.
     */
    boolean mayTry(Host resting);
}
