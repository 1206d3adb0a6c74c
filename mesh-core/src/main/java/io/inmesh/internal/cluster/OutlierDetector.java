package io.inmesh.internal.cluster;

import io.inmesh.event.Ejection;
import io.inmesh.event.Ejection.Reason;
import io.inmesh.internal.cluster.Cluster.Member;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides which hosts of a cluster are ejected and when they come back (Envoy: outlier_detection_impl.cc). Ejections begin at
 * once and end in sweeps, which come in a fixed rhythm from the first cluster on, but only while there is something for
 * them to do. Used under the lock of its {@link ClusterRuntime}.
 */
final class OutlierDetector {
    private final ClusterSurroundings surroundings;
    private final IntConsumer sweep;
    private final long startedNanos;
    private @Nullable Future<?> nextSweep;

    /** Number of the next one. */
    private int planned;

    /** @param sweep asks for the one of a number, on any thread */
    OutlierDetector(ClusterSurroundings surroundings, IntConsumer sweep) {
        this.surroundings = surroundings;
        this.sweep = sweep;
        this.startedNanos = surroundings.time().nanoTime();
    }

    /** Ejects a host that has met a limit, if it may be; null when it may not. */
    @Nullable
    Ejection eject(Cluster cluster, MemberHealth health, Reason reason, int errors) {
        OutlierPolicy policy = cluster.outlierPolicy();
        if (policy == null || health.ejected()) {
            return null;
        }
        Member ejected = null;
        int hosts = 0;
        int alreadyEjected = 0;
        for (Member member : cluster.members()) {
            if (member.eligible()) {
                hosts++;
                alreadyEjected += member.health().ejected() ? 1 : 0;
                ejected = member.health() == health ? member : ejected;
            }
        }
        if (ejected == null) {
            return null;
        }
        health.startAgain(reason);
        if (!policy.mayEject(alreadyEjected, hosts)) {
            return null;
        }
        long now = surroundings.time().nanoTime();
        Instant since = surroundings.time().now();
        int count = health.nextCount(policy);
        long lasts = policy.ejectionNanos(count);
        Ejection ejection = Ejection.builder(cluster.key().toString(), ejected.endpoint())
                .reason(reason, errors)
                .between(since, since.plusNanos(lasts + untilSweep(now + lasts, policy)))
                .count(count)
                .build();
        health.eject(ejection, now);
        sweepLater(policy, now);
        return ejection;
    }

    /** Time from a moment to the first sweep that is not before it. */
    private long untilSweep(long nanos, OutlierPolicy policy) {
        long interval = policy.intervalNanos();
        return Math.floorMod(startedNanos - nanos, interval);
    }

    private void sweepLater(OutlierPolicy policy, long now) {
        if (nextSweep == null) {
            int number = ++planned;
            nextSweep = surroundings.after(untilSweep(now + 1, policy) + 1, () -> sweep.accept(number));
        }
    }

    /** Ends the ejections that have lasted long enough. */
    List<Ejection> sweep(Cluster cluster, int number) {
        if (number != planned || nextSweep == null) {
            // Came too late to be cancelled.
            return List.of();
        }
        nextSweep = null;
        OutlierPolicy policy = cluster.outlierPolicy();
        if (policy == null) {
            return List.of();
        }
        long now = surroundings.time().nanoTime();
        List<Ejection> over = new ArrayList<>();
        boolean more = false;
        for (Member member : cluster.members()) {
            MemberHealth health = member.health();
            Ejection ejection = health.ejection();
            if (ejection != null && health.isDue(policy, now)) {
                health.readmit(now);
                over.add(ejection);
            }
            more |= health.remembers(policy, now);
        }
        if (more) {
            sweepLater(policy, now);
        }
        return over;
    }

    /** Another cluster is in force: sweeps follow its interval, and where nobody is to be ejected any more nobody stays so. */
    List<Ejection> inForce(Cluster cluster, @Nullable Cluster before) {
        OutlierPolicy policy = cluster.outlierPolicy();
        // Without a sweep to come nobody is ejected.
        if (before == null || nextSweep == null || before == cluster) {
            return List.of();
        }
        long now = surroundings.time().nanoTime();
        Set<MemberHealth> left = Collections.newSetFromMap(new IdentityHashMap<>());
        if (policy != null) {
            cluster.members().forEach(member -> left.add(member.health()));
        }
        List<Ejection> over = readmitted(before, left, now);
        if (!Objects.equals(before.outlierPolicy(), policy)) {
            stopSweeping();
            if (policy != null) {
                sweepLater(policy, now);
            }
        }
        return over;
    }

    /** Who is ejected from the last cluster is so no more. */
    List<Ejection> end(Cluster last) {
        stopSweeping();
        return readmitted(last, Set.of(), surroundings.time().nanoTime());
    }

    void stopSweeping() {
        if (nextSweep != null) {
            nextSweep.cancel(false);
            nextSweep = null;
        }
    }

    /** Ends the ejections of members but for some. */
    private static List<Ejection> readmitted(Cluster cluster, Set<MemberHealth> butFor, long now) {
        List<Ejection> over = new ArrayList<>();
        for (Member member : cluster.members()) {
            Ejection ejection = member.health().ejection();
            if (ejection != null && !butFor.contains(member.health())) {
                member.health().readmit(now);
                over.add(ejection);
            }
        }
        return over;
    }
}
