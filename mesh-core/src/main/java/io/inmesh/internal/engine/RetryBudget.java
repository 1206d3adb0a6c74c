package io.inmesh.internal.engine;

import io.inmesh.internal.cluster.Cluster;

/** Limits attempts after the first, so that retries do not bury a cluster that is in trouble. Thread-safe. */
interface RetryBudget {
    /** No limit. */
    RetryBudget UNLIMITED = new RetryBudget() {
        @Override
        public boolean tryAcquire(Cluster cluster) {
            return true;
        }

        @Override
        public void release(Cluster cluster) {
            // Nothing is counted.
        }
    };

    /** Whether one more attempt may be made; each true is followed by one {@link #release}. */
    boolean tryAcquire(Cluster cluster);

    /** The attempt has ended. */
    void release(Cluster cluster);
}
