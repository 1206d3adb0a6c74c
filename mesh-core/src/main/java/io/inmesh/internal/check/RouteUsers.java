package io.inmesh.internal.check;

import io.inmesh.model.Delegate;
import io.inmesh.model.HttpMatchRequest;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.VirtualService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who executes a route: the callers in the mesh, or gateways alone. */
final class RouteUsers {

    /** Delegates to which any route leads. */
    private final Set<String> delegates = new HashSet<>();

    /** Rules of the mesh that lead to a delegate, by its qualified name. */
    private final Map<String, List<VirtualService>> rootsOfMesh = new HashMap<>();

    RouteUsers(MeshConfig config) {
        for (VirtualService root : config.virtualServices()) {
            for (HttpRoute route : root.http()) {
                Delegate delegate = route.delegate();
                if (delegate != null) {
                    String namespace =
                            delegate.namespace() == null ? root.meta().namespace() : delegate.namespace();
                    String name = namespace + "/" + delegate.name();
                    delegates.add(name);
                    if (!onlyGateways(root) && !matchesOnlyGateways(route)) {
                        rootsOfMesh
                                .computeIfAbsent(name, key -> new ArrayList<>())
                                .add(root);
                    }
                }
            }
        }
    }

    /** Whether no caller in the mesh executes the route. A delegate to which nothing leads counts as one of the mesh. */
    boolean onlyGateways(VirtualService service, HttpRoute route) {
        if (onlyGateways(service) || matchesOnlyGateways(route)) {
            return true;
        }
        String name = service.meta().qualifiedName();
        return service.hosts().isEmpty() && delegates.contains(name) && !rootsOfMesh.containsKey(name);
    }

    /** The rules by whose hosts callers in the mesh come to the routes of a rule: itself, unless it is a delegate. */
    List<VirtualService> roots(VirtualService service) {
        return service.hosts().isEmpty()
                ? rootsOfMesh.getOrDefault(service.meta().qualifiedName(), List.of())
                : List.of(service);
    }

    static boolean onlyGateways(VirtualService service) {
        return onlyGateways(service.gateways());
    }

    private static boolean matchesOnlyGateways(HttpRoute route) {
        return !route.match().isEmpty()
                && route.match().stream().map(HttpMatchRequest::gateways).allMatch(RouteUsers::onlyGateways);
    }

    private static boolean onlyGateways(List<String> gateways) {
        return !VirtualService.concernsMesh(gateways);
    }
}
