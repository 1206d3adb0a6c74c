package io.inmesh.internal.check;

import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.model.Delegate;
import io.inmesh.model.HttpMatchRequest;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.VirtualService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Who executes a route: the callers in the mesh, or gateways alone. */
final class RouteUsers {
    /** Ways to the routes of a delegate, by its qualified name. */
    private final Map<String, List<Way>> toDelegates = new HashMap<>();

    /**
     * A way by which requests come to a route.
     *
     * @param root the rule by whose hosts they come
     * @param routes those that they pass, whose matches all hold
     */
    record Way(VirtualService root, List<HttpRoute> routes) {
        boolean isOfGatewaysOnly() {
            return onlyGateways(root) || routes.stream().anyMatch(RouteUsers::matchesOnlyGateways);
        }

        /** Namespaces of the callers that alone come by it; null where all do that see the rule. */
        @Nullable
        Set<String> namespaces() {
            return only(match -> isOfAnyCaller(match) ? null : match.sourceNamespace());
        }

        /** Ports to which the calls are made that come by it; null where all are. */
        @Nullable
        Set<Integer> ports() {
            return only(match -> match.port() == 0 ? null : match.port());
        }

        /** Whether it depends on the gateway which requests come by it. */
        boolean choosesGateways() {
            return routes.stream()
                    .anyMatch(route -> route.match().stream()
                            .anyMatch(match -> !match.gateways().isEmpty()));
        }

        boolean isFor(WorkloadIdentity caller) {
            return !isOfGatewaysOnly()
                    && routes.stream()
                            .allMatch(route -> route.match().isEmpty()
                                    || route.match().stream().anyMatch(match -> takes(match, caller)));
        }

        /** What the matches for the mesh, or else those there are, have of something: null where one has none of it. */
        private <T extends Comparable<T>> @Nullable Set<T> only(Function<HttpMatchRequest, @Nullable T> part) {
            @Nullable Set<T> common = null;
            for (HttpRoute route : routes) {
                Set<T> some = new TreeSet<>();
                boolean all = route.match().isEmpty();
                for (HttpMatchRequest match : route.match()) {
                    if (!isOfGatewaysOnly() && onlyGateways(match.gateways())) {
                        continue;
                    }
                    @Nullable T value = part.apply(match);
                    if (value == null) {
                        all = true;
                    } else {
                        some.add(value);
                    }
                }
                if (!all) {
                    if (common != null) {
                        some.retainAll(common);
                    }
                    common = some;
                }
            }
            return common;
        }

        /** Istio looks at the caller where a match names no gateways. */
        private static boolean isOfAnyCaller(HttpMatchRequest match) {
            String namespace = match.sourceNamespace();
            return !match.gateways().isEmpty() || namespace == null || namespace.isEmpty();
        }

        private static boolean takes(HttpMatchRequest match, WorkloadIdentity caller) {
            if (!match.gateways().isEmpty()) {
                return !onlyGateways(match.gateways());
            }
            return caller.labels().entrySet().containsAll(match.sourceLabels().entrySet())
                    && (isOfAnyCaller(match) || caller.namespace().equals(match.sourceNamespace()));
        }
    }

    RouteUsers(MeshConfig config) {
        for (VirtualService root : config.virtualServices()) {
            for (HttpRoute route : root.http()) {
                Delegate delegate = route.delegate();
                if (delegate != null) {
                    String namespace =
                            delegate.namespace() == null ? root.meta().namespace() : delegate.namespace();
                    toDelegates
                            .computeIfAbsent(namespace + "/" + delegate.name(), key -> new ArrayList<>())
                            .add(new Way(root, List.of(route)));
                }
            }
        }
    }

    /** Whether no caller in the mesh executes the route. A delegate to which nothing leads counts as one of the mesh. */
    boolean onlyGateways(VirtualService service, HttpRoute route) {
        if (onlyGateways(service) || matchesOnlyGateways(route)) {
            return true;
        }
        List<Way> ways = ways(service, route);
        return !ways.isEmpty() && ways.stream().allMatch(Way::isOfGatewaysOnly);
    }

    /** All ways to a route of a rule; none to that of a delegate to which nothing leads. */
    List<Way> ways(VirtualService service, HttpRoute route) {
        return service.hosts().isEmpty()
                ? toDelegates.getOrDefault(service.meta().qualifiedName(), List.of()).stream()
                        .map(way -> new Way(
                                way.root(),
                                Stream.concat(way.routes().stream(), Stream.of(route))
                                        .toList()))
                        .toList()
                : List.of(new Way(service, List.of(route)));
    }

    /** The ways of callers in the mesh to a route. */
    List<Way> waysOfMesh(VirtualService service, HttpRoute route) {
        return ways(service, route).stream()
                .filter(way -> !way.isOfGatewaysOnly())
                .toList();
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
