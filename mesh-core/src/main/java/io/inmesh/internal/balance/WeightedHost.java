package io.inmesh.internal.balance;

import io.inmesh.internal.host.Host;

/**
 * A host that may be picked.
 *
 * @param weight 0 or more, relative to the others
 */
public record WeightedHost(Host host, int weight) {
    /** Refuses negative weights. */
    public WeightedHost {
        if (weight < 0) {
            throw new IllegalArgumentException(
                    "weight " + weight + " of " + host.endpoint().hostPort() + " is negative: use 0 or more");
        }
    }
}
