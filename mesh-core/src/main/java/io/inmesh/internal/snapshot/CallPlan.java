package io.inmesh.internal.snapshot;

import io.inmesh.call.HeaderField;
import io.inmesh.call.ResponseEdits;
import io.inmesh.call.SyntheticResponse;
import io.inmesh.internal.cluster.Cluster;
import io.inmesh.internal.cluster.ConnectionRules;
import io.inmesh.internal.route.ClusterKey;
import io.inmesh.internal.route.RetryPlan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one call needs after routing.
 *
 * @param virtualService {@code namespace/name}, empty without a rule
 * @param route name, empty when it has none
 * @param clusterKey destination drawn
 * @param target what stands behind it
 * @param faults what comes before the call, or instead of it
 * @param timeoutNanos for the whole call after faults, 0 for none
 * @param retries what follows an attempt that fails, from the route's retry policy
 * @param request what to send
 * @param responseEdits null for none
 * @param mirrors calls with a copy of the request, to be made beside this one; without mirrors of their own
 */
public record CallPlan(
        String virtualService,
        String route,
        ClusterKey clusterKey,
        Target target,
        Faults faults,
        long timeoutNanos,
        RetryPlan retries,
        Request request,
        @Nullable ResponseEdits responseEdits,
        List<CallPlan> mirrors) {
    /**
     * What comes before a call, or instead of it: faults that were drawn, and the answers to a path that cannot be sent and to
     * a preflight on a route with faults.
     *
     * @param delayNanos injected delay, 0 for none; comes before everything else
     * @param abort answer given after the delay instead of the call, null for none
     * @param abortInjected whether {@code abort} is an injected fault (flag FI)
     * @param refusal why a fault keeps the call from being sent: it is not executed; null when it does not
     */
    public record Faults(
            long delayNanos,
            @Nullable SyntheticResponse abort,
            boolean abortInjected,
            @Nullable String refusal) {
        /** Nothing: the call is sent at once. */
        public static final Faults NONE = new Faults(0, null, false, null);
    }

    /**
     * What to send.
     *
     * @param scheme whether to speak TLS, as the caller asks for; {@code http} at a gateway, where the caller's TLS has ended
     * @param authority Host to send
     * @param pathAndQuery path to send
     * @param headers all headers to send, null when those of the request are unchanged
     */
    public record Request(
            String scheme,
            String authority,
            String pathAndQuery,
            @Nullable List<HeaderField> headers) {}

    CallPlan with(List<CallPlan> newMirrors) {
        return new CallPlan(
                virtualService,
                route,
                clusterKey,
                target,
                faults,
                timeoutNanos,
                retries,
                request,
                responseEdits,
                newMirrors);
    }

    /** Null when destination or subset is not known: the call ends with NC, after its faults. */
    public @Nullable Cluster cluster() {
        return target.cluster();
    }

    /**
     * Whether to dial what the request names instead of choosing a host: one attempt with a null endpoint; the cluster is
     * then null without being unknown.
     */
    public boolean originalDestination() {
        return target.originalDestination();
    }

    /** Port to dial at the address that the request names, 0 for the request's own. */
    public int originalPort() {
        return target.originalPort();
    }

    /** Whether the server speaks HTTP/2 also without TLS, whatever the client does. */
    public boolean http2() {
        return target.http2();
    }

    /** How connections to the destination are made and kept. */
    public ConnectionRules connections() {
        return target.asked().connections();
    }

    /**
     * Why the call is not sent: what a rule asks for is not executed, and it is not safe to send without; null when it
     * may be sent. The cluster may then be null without being unknown.
     */
    public @Nullable String refusal() {
        return faults.refusal() == null ? target.refusal() : faults.refusal();
    }

    /** How often the call is sent at most: who dials the address of the request has no other host to go to. */
    public int attempts() {
        return target.originalDestination() ? 1 : 1 + retries.attempts();
    }

    /** How long an attempt may take up to its response headers, 0 for no limit. As Envoy: one not shorter than the call's is none. */
    public long perTryNanos() {
        long nanos = retries.perTryNanos();
        return timeoutNanos > 0 && nanos >= timeoutNanos ? 0 : nanos;
    }
}
