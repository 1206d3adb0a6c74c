package io.inmesh.internal.check;

import io.inmesh.model.Delegate;
import io.inmesh.model.HttpMatchRequest;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.VirtualService;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Who executes a route: the callers in the mesh, or gateways alone. */
final class RouteUsers {

    /** Delegates, by qualified name, whose routes callers in the mesh execute. */
    private final Set<String> delegatesOfMesh = new HashSet<>();

    /** Delegates to which any route leads. */
    private final Set<String> delegates = new HashSet<>();

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
                        delegatesOfMesh.add(name);
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
        return service.hosts().isEmpty() && delegates.contains(name) && !delegatesOfMesh.contains(name);
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
