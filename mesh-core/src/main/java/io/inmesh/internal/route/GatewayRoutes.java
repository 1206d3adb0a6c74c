package io.inmesh.internal.route;

import io.inmesh.model.ObjectMeta;
import io.inmesh.model.Origin;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The routes of one rule at one port of a gateway, in order. Immutable; two are equal only if they are the same. */
final class GatewayRoutes {
    static final GatewayRoutes NONE = new GatewayRoutes(ObjectMeta.of("", ""), List.of(), List.of());

    private final ObjectMeta rule;
    private final List<CompiledRoute> routes;
    private final List<VirtualHost.DroppedRoute> dropped;

    /**
     * What a host has of all its rules.
     *
     * @param virtualServices their qualified names, with commas between
     * @param origin of the first
     */
    record Merged(
            String virtualServices, Origin origin, RouteSequence sequence, List<VirtualHost.DroppedRoute> dropped) {}

    GatewayRoutes(ObjectMeta rule, List<CompiledRoute> routes, List<VirtualHost.DroppedRoute> dropped) {
        this.rule = rule;
        this.routes = List.copyOf(routes);
        this.dropped = List.copyOf(dropped);
    }

    boolean isEmpty() {
        return routes.isEmpty();
    }

    /**
     * One rule after the other, but for the routes that take every request: those come last (Istio: SortVHostRoutes).
     *
     * @param rules in order of precedence
     */
    static Merged merge(List<GatewayRoutes> rules) {
        List<CompiledRoute> inOrder = new ArrayList<>();
        for (boolean last : new boolean[] {false, true}) {
            for (GatewayRoutes rule : rules) {
                rule.routes.stream()
                        .filter(route -> route.matcher().takesEverything() == last)
                        .forEach(inOrder::add);
            }
        }
        Map<CompiledRoute, Integer> positions = new IdentityHashMap<>();
        inOrder.forEach(route -> positions.put(route, positions.size()));
        List<VirtualHost.DroppedRoute> dropped = new ArrayList<>();
        for (GatewayRoutes rule : rules) {
            for (VirtualHost.DroppedRoute one : rule.dropped) {
                int position = one.position() < rule.routes.size()
                        ? positions.getOrDefault(rule.routes.get(one.position()), 0)
                        : inOrder.size();
                dropped.add(new VirtualHost.DroppedRoute(position, one.name(), one.origin(), one.reason()));
            }
        }
        return new Merged(
                rules.stream().map(one -> one.rule.qualifiedName()).distinct().collect(Collectors.joining(", ")),
                rules.isEmpty() ? Origin.NONE : rules.get(0).rule.origin(),
                RouteSequence.of(inOrder),
                dropped);
    }
}
