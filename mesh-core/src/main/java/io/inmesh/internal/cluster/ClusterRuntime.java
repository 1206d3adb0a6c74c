package io.inmesh.internal.cluster;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster keeps over its snapshots: whatever is counted or decided for the whole of it, and the way from such a
 * decision to its balancer. It begins with the first cluster of its key and ends with the last. Thread-safe.
 *
 * <p>Whoever takes a member out of the balancer, or back into it, says so here, on any thread. The balancer of the cluster
 * in force is made anew soon after on the control thread, without a snapshot; of many changes at once it sees the last.
 */
public final class ClusterRuntime {
    private final Executor control;
    private final ClusterLimits limits;
    private final AtomicBoolean rebalancing = new AtomicBoolean();

    /** Control thread only. */
    private @Nullable Cluster inForce;

    /**
     * Makes one of a cluster that is new.
     *
     * @param control runs on the control thread, in order
     * @param policy of the cluster
     */
    ClusterRuntime(Executor control, ClusterPolicy policy) {
        this.control = control;
        this.limits = new ClusterLimits(LimitSettings.of(policy));
    }

    /** What the cluster lets run at once. */
    public ClusterLimits limits() {
        return limits;
    }

    /** Takes a member out of the balancer (Envoy: ejection); discovery knows it all the same. */
    public void eject(MemberHealth member) {
        if (member.change(false, true)) {
            rebalance();
        }
    }

    /** Ends an ejection. */
    public void readmit(MemberHealth member) {
        if (member.change(true, false)) {
            rebalance();
        }
    }

    private void rebalance() {
        if (rebalancing.compareAndSet(false, true)) {
            control.execute(this::rebalanceNow);
        }
    }

    private void rebalanceNow() {
        // Before the look at the members: who changes one from here on asks again.
        rebalancing.set(false);
        Cluster cluster = inForce;
        if (cluster != null) {
            cluster.rebalance();
        }
    }

    /** A cluster of the key has been published. Control thread only. */
    void inForce(Cluster published) {
        inForce = published;
        limits.follow(LimitSettings.of(published.policy()));
    }
}
