package io.inmesh.internal.cluster;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whether one cluster has taken one of its hosts out of its balancer. Each cluster of a host has its own, which survives
 * snapshots for as long as the host is a member. Thread-safe; changed by {@link ClusterRuntime} alone.
 */
public final class MemberHealth {
    private final AtomicBoolean ejected = new AtomicBoolean();

    /** Whether the balancer leaves the host out. */
    public boolean ejected() {
        return ejected.get();
    }

    /** Whether this was the one that changed it. */
    boolean change(boolean from, boolean to) {
        return ejected.compareAndSet(from, to);
    }
}
