package io.inmesh.internal.route;

import io.inmesh.call.RequestHead;
import io.inmesh.model.Headers.HeaderOperations;
import io.inmesh.model.HttpDirectResponse;
import io.inmesh.model.HttpFaultInjection;
import io.inmesh.model.HttpMatchRequest;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.Origin;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One route for one port, with one alternative of its match. Immutable.
 *
 * @param virtualService whose route it is, {@code namespace/name}; empty for the default one of a service
 * @param name {@code route} or {@code route.match}, empty when not named
 * @param originalName name without that of the match
 * @param destinations those that can be drawn; empty when {@code redirect} or {@code direct} is given
 * @param totalWeight sum over the destinations
 * @param directEdits response edits of the route itself, for redirects and direct responses
 * @param timeoutNanos 0 for none
 * @param mirrors where copies go
 * @param cors null for none, as for all calls but those that come in at a gateway
 */
public record CompiledRoute(
        String virtualService,
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
        List<MirrorDestination> mirrors,
        @Nullable Cors cors) {
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

    /**
     * Where copies go.
     *
     * @param alias full name that the rule has written where that is an alias of the cluster's host, else empty
     * @param slot index of the cluster among {@link RouteTable#clusterKeys()}
     * @param partsPerMillion of the calls, 1 to 1,000,000
     */
    public record MirrorDestination(ClusterKey cluster, String alias, int slot, int partsPerMillion) {}

    /**
     * Compiles.
     *
     * @param virtualService whose route it is
     * @param slots gives each cluster its index
     */
    static CompiledRoute of(ResolvedRoute route, String virtualService, ToIntFunction<ClusterKey> slots) {
        HttpRoute rule = route.rule();
        boolean several = rule.route().size() > 1;
        HttpMatchRequest match = route.match();
        List<WeightedDestination> destinations = route.destinations().stream()
                .map(destination -> new WeightedDestination(
                        destination.cluster(),
                        destination.alias(),
                        slots.applyAsInt(destination.cluster()),
                        destination.weight(),
                        edits(
                                several,
                                destination.headers().request(),
                                rule.headers().request()),
                        edits(
                                several,
                                destination.headers().response(),
                                rule.headers().response()),
                        destination.authority()))
                .toList();
        boolean atGateway = route.scope().isGateway();
        return new CompiledRoute(
                virtualService,
                route.name(),
                rule.origin(),
                match == null ? RouteMatcher.EVERYTHING : RouteMatcher.of(match, atGateway),
                destinations,
                destinations.stream().mapToLong(WeightedDestination::weight).sum(),
                rule.redirect() == null ? null : Redirect.of(rule.redirect(), route.scope()),
                rule.directResponse(),
                HeaderEdits.merged(List.of(rule.headers().response())),
                Rewrite.of(rule.rewrite()),
                rule.fault(),
                rule.timeout() == null ? 0 : rule.timeout().toNanos(),
                RetryPlan.of(rule.retries()),
                route.mirrors().stream()
                        .map(mirror -> new MirrorDestination(
                                mirror.cluster(),
                                mirror.alias(),
                                slots.applyAsInt(mirror.cluster()),
                                mirror.partsPerMillion()))
                        .toList(),
                atGateway ? Cors.of(rule.cors()) : null);
    }

    /** Envoy evaluates a weighted destination before its route; a single destination is written into the route. */
    private static HeaderEdits edits(boolean several, HeaderOperations destination, HeaderOperations route) {
        return several
                ? HeaderEdits.merged(List.of(destination)).then(HeaderEdits.merged(List.of(route)))
                : HeaderEdits.merged(List.of(route, destination));
    }

    /** The route of every request to one cluster, which nothing is asked for. */
    static CompiledRoute toCluster(ClusterKey cluster, int slot) {
        return new CompiledRoute(
                "",
                "default",
                Origin.NONE,
                RouteMatcher.EVERYTHING,
                List.of(new WeightedDestination(cluster, "", slot, 1, HeaderEdits.NONE, HeaderEdits.NONE, null)),
                1,
                null,
                null,
                HeaderEdits.NONE,
                null,
                null,
                0,
                RetryPlan.DEFAULT,
                List.of(),
                null);
    }

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

    /** What becomes of a request of a page of another origin, a sentence for people; null when there is nothing to tell. */
    public @Nullable String corsVerdict(RequestHead head) {
        return cors == null || destinations.isEmpty() ? null : cors.verdict(head);
    }

    boolean matches(RequestHead head, String pathAndQuery, int pathEnd) {
        return matcher.matches(head, pathAndQuery, pathEnd);
    }
}
