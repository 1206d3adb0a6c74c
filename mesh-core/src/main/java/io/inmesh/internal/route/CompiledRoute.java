package io.inmesh.internal.route;

import io.inmesh.call.RequestHead;
import io.inmesh.model.HttpDirectResponse;
import io.inmesh.model.HttpFaultInjection;
import io.inmesh.model.HttpMirrorPolicy;
import io.inmesh.model.Origin;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One route for one port, with one alternative of its match. Immutable.
 *
 * @param name {@code route} or {@code route.match}, empty when not named
 * @param originalName name without that of the match
 * @param destinations those that can be drawn; empty when {@code redirect} or {@code direct} is given
 * @param totalWeight sum over the destinations
 * @param directEdits response edits of the route itself, for redirects and direct responses
 * @param timeoutNanos 0 for none
 */
public record CompiledRoute(
        String name,
        Origin origin,
        RouteMatcher matcher,
        List<WeightedDestination> destinations,
        long totalWeight,
        @Nullable Redirect redirect,
        @Nullable HttpDirectResponse direct,
        HeaderEdits directEdits,
        @Nullable Rewrite rewrite,
        @Nullable HttpFaultInjection fault,
        long timeoutNanos,
        RetryPlan retries,
        List<HttpMirrorPolicy> mirrors) {
    /**
     * A destination.
     *
     * @param alias full name that the rule has written where that is an alias of the cluster's host, else empty
     * @param slot index of the cluster among {@link RouteTable#clusterKeys()}
     * @param authority Host to send, null keeps the caller's
     */
    public record WeightedDestination(
            ClusterKey cluster,
            String alias,
            int slot,
            long weight,
            HeaderEdits requestEdits,
            HeaderEdits responseEdits,
            @Nullable String authority) {}

    /** Draws a destination: {@code draw} modulo the sum, walked in order (Envoy). */
    WeightedDestination destination(long draw) {
        if (destinations.size() > 1) {
            long left = draw % totalWeight;
            for (WeightedDestination destination : destinations) {
                left -= destination.weight();
                if (left < 0) {
                    return destination;
                }
            }
        }
        return destinations.get(0);
    }

    boolean matches(RequestHead head, String pathAndQuery, int pathEnd) {
        return matcher.matches(head, pathAndQuery, pathEnd);
    }
}
