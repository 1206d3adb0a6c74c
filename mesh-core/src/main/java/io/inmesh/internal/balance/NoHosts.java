package io.inmesh.internal.balance;

import io.inmesh.internal.host.Host;
import org.jspecify.annotations.Nullable;

/** The balancer of an empty list. */
enum NoHosts implements LoadBalancer {
    INSTANCE;

    @Override
    public @Nullable Host chooseHost(LoadBalancerContext context) {
        return null;
    }
}
