package io.inmesh.internal.engine;

import io.inmesh.call.MeshException;
import io.inmesh.event.ResponseFlag;
import io.inmesh.internal.cluster.Cluster;
import io.inmesh.internal.snapshot.CallPlan;
import java.io.IOException;
import java.util.Set;
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
     * The caller has given up.
     *
     * @param when for people
     * @param lastFailure of an attempt before; null for none
     */
    static MeshException canceled(CallPlan plan, String when, @Nullable IOException lastFailure) {
        return new MeshException(ResponseFlag.DC, where(plan) + ": canceled " + when, lastFailure);
    }
}
