package io.inmesh.internal.engine;

import io.inmesh.call.MeshException;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.internal.cluster.Cluster;
import io.inmesh.internal.snapshot.CallPlan;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the caller is told of a forwarded call that ends without an answer. */
final class CallFailures {
    private CallFailures() {}

    /** Which call it is, for people. */
    static String where(CallPlan plan) {
        return plan.request().authority() + " (" + plan.clusterKey() + ")";
    }

    /** A rule asks for what is not executed. */
    static MeshException unexecuted(CallPlan plan, String reason) {
        String remedy = plan.originalDestination()
                ? ""
                : "; take it out of the rule, or set unsupported fields to warn to send calls without it";
        return new MeshException(ResponseFlag.UNEXECUTED, where(plan) + ": " + reason + remedy, null);
    }

    static MeshException noCluster(CallPlan plan) {
        return new MeshException(
                ResponseFlag.NC,
                where(plan) + " is not known; check host, port and subset of the route's destination",
                null);
    }

    /**
     * No host can be used.
     *
     * @param lastFailure of an attempt before; null for none
     */
    static MeshException noHost(CallEngine engine, CallPlan plan, Cluster cluster, @Nullable IOException lastFailure) {
        Set<String> reasons = engine.unknownHosts.unreachable(cluster.key().host());
        return new MeshException(
                ResponseFlag.UH,
                where(plan) + " has no endpoint that can be used"
                        + (reasons.isEmpty() ? "" : ": " + String.join("; ", reasons)),
                lastFailure);
    }

    /** The deadline has fired. */
    static MeshException timeout(
            CallPlan plan, TimeLimit limit, @Nullable Deadline deadline, @Nullable IOException cause) {
        return new MeshException(
                ResponseFlag.UT, where(plan) + " did not answer in full within " + limit.passed(deadline), cause);
    }

    /**
     * An attempt had no answer, and there is no other.
     *
     * @param verdict why not
     * @param failure null where an answer came too late
     */
    static MeshException unanswered(
            CallPlan plan,
            RunningAttempt attempt,
            Outcome outcome,
            RetryState.Verdict verdict,
            @Nullable IOException failure) {
        String to = attempt.target() + ": " + reason(plan, outcome);
        ResponseFlag last = Objects.requireNonNull(outcome.flag(), "an answer is no failure");
        return switch (verdict) {
            case USED_UP ->
                new MeshException(
                        List.of(ResponseFlag.URX, last),
                        where(plan) + ": " + attempt.number() + " attempts failed, the last to " + to,
                        failure);
            case OVERFLOW ->
                new MeshException(
                        List.of(ResponseFlag.UO, last),
                        where(plan) + ": the retry budget is used up, after the attempt to " + to,
                        failure);
            case NO, RETRY -> new MeshException(last, where(plan) + ": the attempt to " + to, failure);
        };
    }

    private static String reason(CallPlan plan, Outcome outcome) {
        if (outcome instanceof Outcome.NeverSent neverSent) {
            return neverSent.reason();
        }
        if (outcome instanceof Outcome.Failed failed) {
            return failed.reason();
        }
        return "no answer within the per-try timeout of " + TimeUnit.NANOSECONDS.toMillis(plan.perTryNanos()) + " ms";
    }

    /**
     * The caller has given up.
     *
     * @param when for people
     * @param lastFailure of an attempt before; null for none
     */
    static MeshException canceled(CallPlan plan, String when, @Nullable IOException lastFailure) {
        return new MeshException(ResponseFlag.DC, where(plan) + ": canceled " + when, lastFailure);
    }
}
