package io.inmesh.internal.route;

import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.internal.route.ResolvedRoute.ResolvedDestination;
import io.inmesh.internal.route.ResolvedRoute.ResolvedMirror;
import io.inmesh.model.Destination;
import io.inmesh.model.HttpMatchRequest;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.HttpRouteDestination;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Resolves the routes of a rule for a scope, up to the first that takes every request. */
final class RouteResolver {
    private final Aliases aliases;
    private final Map<String, ServiceEndpoints> services;

    /**
     * Makes a resolver.
     *
     * @param services those visible to the caller, by full name
     */
    RouteResolver(Aliases aliases, Map<String, ServiceEndpoints> services) {
        this.aliases = aliases;
        this.services = services;
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
                resolved.add(resolve(route, route.name(), null, scope));
                return resolved;
            }
            for (HttpMatchRequest match : route.match()) {
                String name = match.name().isEmpty() ? route.name() : route.name() + "." + match.name();
                String reason = scope.excludes(match);
                if (reason != null) {
                    dropped.add(new VirtualHost.DroppedRoute(resolved.size(), name, match.origin(), reason));
                    continue;
                }
                ResolvedRoute one = resolve(route, name, match, scope);
                resolved.add(one);
                if (one.isCatchAll()) {
                    return resolved;
                }
            }
        }
        return resolved;
    }

    private ResolvedRoute resolve(HttpRoute route, String name, @Nullable HttpMatchRequest match, RouteScope scope) {
        boolean several = route.route().size() > 1;
        List<ResolvedDestination> destinations = route.route().stream()
                .filter(destination -> !several || destination.weight() != 0)
                .map(destination -> resolve(route, destination, scope))
                .toList();
        List<ResolvedMirror> mirrors = route.mirrors().stream()
                .filter(mirror -> mirror.partsPerMillion() > 0)
                .map(mirror -> new ResolvedMirror(
                        cluster(mirror.destination(), scope), alias(mirror.destination()), mirror.partsPerMillion()))
                .toList();
        return new ResolvedRoute(name, route, match, destinations, mirrors, scope);
    }

    private ResolvedDestination resolve(HttpRoute route, HttpRouteDestination destination, RouteScope scope) {
        return new ResolvedDestination(
                cluster(destination.destination(), scope),
                alias(destination.destination()),
                destination.weight(),
                destination.headers(),
                authority(route, destination));
    }

    private ClusterKey cluster(Destination destination, RouteScope scope) {
        String end = aliases.end(destination.host());
        String host = end == null ? destination.host() : end;
        int port = destination.port() == 0 ? portOf(host, scope) : destination.port();
        return new ClusterKey(host, port, destination.subset() == null ? "" : destination.subset());
    }

    private String alias(Destination destination) {
        return aliases.isAlias(destination.host()) ? destination.host() : "";
    }

    /**
     * The port of a destination that names none: that of a service that has just one, else the one that is called. In the mesh
     * istiod looks for the service among those of the called port only.
     */
    private int portOf(String host, RouteScope scope) {
        ServiceEndpoints service = scope.isGateway() ? services.get(host) : null;
        return service != null && service.ports().size() == 1
                ? service.ports().get(0).number()
                : scope.port();
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
