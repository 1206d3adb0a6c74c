package io.inmesh.internal.engine;

import io.inmesh.internal.cluster.ClusterRuntime;

/** Limits attempts after the first, so that retries do not bury a cluster that is in trouble. Thread-safe. */
interface RetryBudget {
    /** The limits of the cluster itself: {@code retryBudget}, else {@code maxRetries}. */
    RetryBudget OF_CLUSTER = new RetryBudget() {
        @Override
        public boolean tryAcquire(RunningAttempt failed) {
            return failed.tryRetry();
        }

        @Override
        public void release(ClusterRuntime cluster) {
            cluster.limits().retryEnded();
        }
    };

    /** Whether one more attempt may be made; each true is followed by one {@link #release}. */
    boolean tryAcquire(RunningAttempt failed);

    /** The attempt has ended. */
    void release(ClusterRuntime cluster);
}
