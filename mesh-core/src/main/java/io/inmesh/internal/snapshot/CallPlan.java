package io.inmesh.internal.snapshot;

import io.inmesh.call.HeaderField;
import io.inmesh.call.ResponseEdits;
import io.inmesh.call.SyntheticResponse;
import io.inmesh.internal.cluster.Cluster;
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
 * @param cluster null when destination or subset is not known: the call ends with NC, after its faults
 * @param originalDestination whether to dial what the request names instead of choosing a host: one attempt with a null
 *     endpoint; {@code cluster} is then null without being unknown
 * @param refusal why the call is not sent: what a rule asks for is not executed, and it is not safe to send without; null
 *     when it may be sent. {@code cluster} is then null without being unknown
 * @param originalPort port to dial at the address that the request names, 0 for the request's own
 * @param http2 whether the server speaks HTTP/2 also without TLS, whatever the client does
 * @param delayNanos injected delay, 0 for none; comes before everything else
 * @param abort answer given after the delay instead of the call, null for none
 * @param abortInjected whether {@code abort} is an injected fault (flag FI)
 * @param timeoutNanos for the whole call after faults, 0 for none
 * @param retries of attempts that were never sent, from the route's retry policy
 * @param authority Host to send
 * @param pathAndQuery path to send
 * @param headers all headers to send, null when those of the request are unchanged
 * @param responseEdits null for none
 */
public record CallPlan(
        String virtualService,
        String route,
        ClusterKey clusterKey,
        @Nullable Cluster cluster,
        boolean originalDestination,
        @Nullable String refusal,
        int originalPort,
        boolean http2,
        long delayNanos,
        @Nullable SyntheticResponse abort,
        boolean abortInjected,
        long timeoutNanos,
        RetryPlan retries,
        String authority,
        String pathAndQuery,
        @Nullable List<HeaderField> headers,
        @Nullable ResponseEdits responseEdits) {}
