package io.inmesh.internal.engine;

import io.inmesh.call.Exchange;
import io.inmesh.call.MeshException;
import io.inmesh.event.ResponseFlag;
import io.inmesh.internal.cluster.ClusterLimits;
import io.inmesh.internal.cluster.ClusterLimits.Admission;
import io.inmesh.internal.snapshot.CallPlan;
import io.inmesh.observe.Overflow;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** How an attempt gets into its cluster, where rules limit what the cluster lets run at once. */
final class AttemptAdmission {
    private AttemptAdmission() {}

    /**
     * Waits for a connection where there is one to wait for.
     *
     * @param lastFailure of the attempt before; null for none
     * @return whether the attempt is counted until it ends
     * @throws MeshException with flag UO when a limit keeps it out, or as the call ends while it waits
     * @throws IOException when the thread is interrupted while it waits
     */
    static boolean counted(
            ClusterLimits limits,
            ForwardCall call,
            CallPlan plan,
            Exchange<?> exchange,
            @Nullable IOException lastFailure)
            throws IOException {
        Admission admission = limits.admit(plan.http2());
        if (admission == Admission.TO_WAIT) {
            try {
                admission = limits.await(() -> {
                    // The connection may be that of a body which was dropped; no other call need come to notice it.
                    call.openAttempts().endDropped();
                    return call.timedOut() || exchange.canceled();
                });
            } catch (InterruptedException interrupted) {
                throw CallWaits.interrupted(plan, interrupted);
            }
        }
        return switch (admission) {
            case UNCOUNTED -> false;
            case COUNTED -> true;
            case TOO_MANY_REQUESTS -> throw overflow(limits, call, plan, Overflow.REQUESTS, lastFailure);
            case TOO_MANY_PENDING -> throw overflow(limits, call, plan, Overflow.PENDING, lastFailure);
            case TO_WAIT, STOPPED ->
                throw call.timedOut()
                        ? call.timeout(lastFailure)
                        : CallFailures.canceled(plan, "while it waited for a connection", lastFailure);
        };
    }

    private static MeshException overflow(
            ClusterLimits limits,
            ForwardCall call,
            CallPlan plan,
            Overflow overflow,
            @Nullable IOException lastFailure) {
        call.overflowed(overflow);
        return new MeshException(
                ResponseFlag.UO, CallFailures.where(plan) + ": " + limits.refusal(overflow), lastFailure);
    }
}
