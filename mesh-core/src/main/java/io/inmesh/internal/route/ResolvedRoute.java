package io.inmesh.internal.route;

import io.inmesh.model.Headers;
import io.inmesh.model.HttpMatchRequest;
import io.inmesh.model.HttpRoute;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One route for one scope, with one alternative of its match, as values: names are full, delegates filled in, what does
 * not concern the scope is gone. {@link CompiledRoute} is made of it. Immutable.
 *
 * @param name {@code route} or {@code route.match}, empty when not named
 * @param rule the route as the rule has it, with full names
 * @param match null for every request
 * @param destinations those that can be drawn; empty when the rule redirects or answers
 * @param mirrors where copies go; without those that get none of a hundred
 * @param scope whose calls it is for
 */
record ResolvedRoute(
        String name,
        HttpRoute rule,
        @Nullable HttpMatchRequest match,
        List<ResolvedDestination> destinations,
        List<ResolvedMirror> mirrors,
        RouteScope scope) {
    ResolvedRoute {
        destinations = List.copyOf(destinations);
        mirrors = List.copyOf(mirrors);
    }

    /**
     * A destination.
     *
     * @param alias full name that the rule has written where that is an alias of the cluster's host, else empty
     * @param headers its own
     * @param authority Host to send, null keeps the caller's
     */
    record ResolvedDestination(
            ClusterKey cluster,
            String alias,
            long weight,
            Headers headers,
            @Nullable String authority) {}

    /**
     * A destination of copies.
     *
     * @param alias as for a destination
     * @param partsPerMillion of the calls, 1 to 1,000,000
     */
    record ResolvedMirror(ClusterKey cluster, String alias, int partsPerMillion) {}

    /** Whether nothing after it can be reached. */
    boolean isCatchAll() {
        return match == null || RouteMatcher.isCatchAll(match, scope.isGateway());
    }
}
