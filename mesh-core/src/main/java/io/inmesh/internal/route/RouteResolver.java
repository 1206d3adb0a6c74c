package io.inmesh.internal.route;

import io.inmesh.internal.route.ResolvedRoute.ResolvedDestination;
import io.inmesh.model.HttpMatchRequest;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.HttpRouteDestination;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Resolves the routes of a rule for a scope, up to the first that takes every request. */
final class RouteResolver {
    private final Aliases aliases;

    RouteResolver(Aliases aliases) {
        this.aliases = aliases;
    }

    /**
     * Resolves.
     *
     * @param routes with full names, delegates filled in
     * @param dropped receives the alternatives that do not concern the scope
     */
    List<ResolvedRoute> resolve(List<HttpRoute> routes, RouteScope scope, List<VirtualHost.DroppedRoute> dropped) {
        List<ResolvedRoute> resolved = new ArrayList<>();
        for (HttpRoute route : routes) {
            if (route.match().isEmpty()) {
                resolved.add(resolve(route, route.name(), null, scope.port()));
                return resolved;
            }
            for (HttpMatchRequest match : route.match()) {
                String name = match.name().isEmpty() ? route.name() : route.name() + "." + match.name();
                String reason = scope.excludes(match);
                if (reason != null) {
                    dropped.add(new VirtualHost.DroppedRoute(resolved.size(), name, match.origin(), reason));
                    continue;
                }
                ResolvedRoute one = resolve(route, name, match, scope.port());
                resolved.add(one);
                if (one.isCatchAll()) {
                    return resolved;
                }
            }
        }
        return resolved;
    }

    private ResolvedRoute resolve(HttpRoute route, String name, @Nullable HttpMatchRequest match, int port) {
        boolean several = route.route().size() > 1;
        List<ResolvedDestination> destinations = route.route().stream()
                .filter(destination -> !several || destination.weight() != 0)
                .map(destination -> resolve(route, destination, port))
                .toList();
        return new ResolvedRoute(name, route, match, destinations, port);
    }

    private ResolvedDestination resolve(HttpRoute route, HttpRouteDestination destination, int port) {
        int named = destination.destination().port();
        String subset = destination.destination().subset();
        String written = destination.destination().host();
        String end = aliases.end(written);
        return new ResolvedDestination(
                new ClusterKey(end == null ? written : end, named == 0 ? port : named, subset == null ? "" : subset),
                aliases.isAlias(written) ? written : "",
                destination.weight(),
                destination.headers(),
                authority(route, destination));
    }

    private static @Nullable String authority(HttpRoute route, HttpRouteDestination destination) {
        String rewritten = route.rewrite() == null ? null : route.rewrite().authority();
        if (rewritten != null && !rewritten.isEmpty()) {
            return rewritten;
        }
        String byRoute = HeaderEdits.authority(route.headers().request());
        return byRoute != null
                ? byRoute
                : HeaderEdits.authority(destination.headers().request());
    }
}
