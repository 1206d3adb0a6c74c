package io.inmesh.internal.engine;

import io.inmesh.internal.cluster.ClusterRuntime;

/** Limits attempts after the first, so that retries do not bury a cluster that is in trouble. Thread-safe. */
interface RetryBudget {
    /** No limit. */
    RetryBudget UNLIMITED = new RetryBudget() {
        @Override
        public boolean tryAcquire(ClusterRuntime cluster) {
            return true;
        }

        @Override
        public void release(ClusterRuntime cluster) {
            // Nothing is counted.
        }
    };

    /** Whether one more attempt may be made; each true is followed by one {@link #release}. */
    boolean tryAcquire(ClusterRuntime cluster);

    /** The attempt has ended. */
    void release(ClusterRuntime cluster);
}
