package io.inmesh.internal.cluster;

import io.inmesh.event.Ejection;
import io.inmesh.event.Ejection.Reason;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster keeps over its snapshots: whatever is counted or decided for the whole of it, and the way from such a
 * decision to its balancer. It begins with the first cluster of its key and ends with the last. Thread-safe.
 *
 * <p>Whoever changes the health of a member makes the balancer of the cluster in force anew, on its own thread and at once,
 * without a snapshot: the call after the one that has led to an ejection finds the host gone.
 */
public final class ClusterRuntime {
    private final ClusterSurroundings surroundings;
    private final Object lock = new Object();
    private final OutlierDetector detector;
    private final ClusterLimits limits;

    /** Null where nobody has asked for it. Control thread only. */
    private @Nullable RecentLatency recentLatency;

    /** Under the lock; null before the first publication and after the last. */
    private @Nullable Cluster inForce;

    /** Changes of health so far. Under the lock. */
    private int changes;

    /** When the balancer last followed a change of health; at first as long ago as has the next one followed at once. Under the lock. */
    private long followedNanos;

    /** Under the lock; null while no change waits to be followed. */
    private @Nullable Future<?> followingLater;

    /**
     * Makes one of a cluster that is new.
     *
     * @param policy of the cluster
     */
    ClusterRuntime(ClusterSurroundings surroundings, ClusterPolicy policy) {
        this.surroundings = surroundings;
        this.followedNanos = surroundings.time().nanoTime() - surroundings.mergeNanos();
        this.limits = new ClusterLimits(LimitSettings.of(policy));
        this.detector = new OutlierDetector(surroundings, this::sweep);
    }

    /** What the cluster lets run at once. */
    public ClusterLimits limits() {
        return limits;
    }

    /** How long answers take, by a percentile; another percentile than before begins anew. Control thread only. */
    RecentLatency recentLatency(double percentile) {
        RecentLatency known = recentLatency;
        if (known == null || known.percentile() != percentile) {
            known = new RecentLatency(percentile, surroundings.time().nanoTime());
            recentLatency = known;
        }
        return known;
    }

    long nanoTime() {
        return surroundings.time().nanoTime();
    }

    /** Changes of health so far: a balancer that was begun at another number may not know all of them. */
    int changes() {
        synchronized (lock) {
            return changes;
        }
    }

    /** A member has had as many errors in a row as a limit says. */
    void failedInARow(MemberHealth member, Reason reason, int errors) {
        Ejection ejection;
        synchronized (lock) {
            Cluster cluster = inForce;
            ejection = cluster == null ? null : detector.eject(cluster, member, reason, errors);
            if (cluster != null && ejection != null) {
                healthChanged(cluster);
            }
        }
        if (ejection != null) {
            surroundings.ejected(ejection);
        }
    }

    private void sweep(int number) {
        List<Ejection> over;
        synchronized (lock) {
            Cluster cluster = inForce;
            over = cluster == null ? List.of() : detector.sweep(cluster, number);
            if (cluster != null && !over.isEmpty()) {
                healthChanged(cluster);
            }
        }
        over.forEach(surroundings::readmitted);
    }

    /** Under the lock. */
    private void healthChanged(Cluster cluster) {
        changes++;
        long now = surroundings.time().nanoTime();
        long merge = surroundings.mergeNanos();
        if (now - followedNanos >= merge) {
            follow(cluster, now);
        } else if (followingLater == null) {
            followingLater = surroundings.after(merge, this::followLate);
        }
    }

    private void followLate() {
        synchronized (lock) {
            followingLater = null;
            Cluster cluster = inForce;
            if (cluster != null) {
                follow(cluster, surroundings.time().nanoTime());
            }
        }
    }

    private void follow(Cluster cluster, long now) {
        followedNanos = now;
        cluster.rebalance();
    }

    /** A cluster of the key has been published. Control thread only. */
    void inForce(Cluster published) {
        List<Ejection> over;
        synchronized (lock) {
            over = detector.inForce(published, inForce);
            inForce = published;
            if (!over.isEmpty()) {
                changes++;
            }
            if (published.isBehind(changes)) {
                published.rebalance();
            }
        }
        limits.follow(LimitSettings.of(published.policy()));
        over.forEach(surroundings::readmitted);
    }

    /** No cluster of the key is in force any more. Control thread only. */
    void end() {
        List<Ejection> over;
        synchronized (lock) {
            over = inForce == null ? List.of() : detector.end(inForce);
            stop();
        }
        over.forEach(surroundings::readmitted);
    }

    /** Nothing happens by itself from here on, and nobody is ejected any more. */
    void stop() {
        synchronized (lock) {
            inForce = null;
            detector.stopSweeping();
            if (followingLater != null) {
                followingLater.cancel(false);
                followingLater = null;
            }
        }
    }
}
