package io.inmesh.internal.check;

import io.inmesh.internal.check.RouteUsers.Way;
import io.inmesh.internal.manifest.RuleManifest;
import io.inmesh.model.Destination;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.HttpRouteDestination;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.Origin;
import io.inmesh.model.VirtualService;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A place in a rule that leads to a service.
 *
 * @param meta of the VirtualService
 * @param service the VirtualService; null where it was refused
 * @param ways by which requests come to the route; none where the VirtualService was refused
 * @param path of the destination
 * @param otherwise place of findings where no better one is known
 * @param host as written
 * @param subset null for none
 * @param port 0 for none
 * @param consequence what becomes of the calls of a destination that is not there
 */
record DestinationUse(
        ObjectMeta meta,
        @Nullable VirtualService service,
        List<Way> ways,
        String path,
        Origin otherwise,
        String host,
        @Nullable String subset,
        int port,
        String consequence) {
    /** All of a rule. */
    static List<DestinationUse> of(VirtualService service, RouteUsers users) {
        return IntStream.range(0, service.http().size())
                .mapToObj(i -> of(service, i, users))
                .flatMap(List::stream)
                .toList();
    }

    /** All of one of a rule's routes for HTTP. */
    static List<DestinationUse> of(VirtualService service, int index, RouteUsers users) {
        HttpRoute route = service.http().get(index);
        String path = "spec.http[" + index + "]";
        boolean gatewayOnly = users.onlyGateways(service, route);
        List<Way> ways = gatewayOnly ? users.ways(service, route) : users.waysOfMesh(service, route);
        List<DestinationUse> uses = new ArrayList<>();
        for (int i = 0; i < route.route().size(); i++) {
            uses.add(use(
                    service,
                    ways,
                    path + ".route[" + i + "].destination",
                    route,
                    route.route().get(i).destination(),
                    lostCalls(route, route.route().get(i), gatewayOnly)));
        }
        boolean single = service.meta().fields().containsKey(path + ".mirror");
        for (int i = 0; i < route.mirrors().size(); i++) {
            uses.add(use(
                    service,
                    ways,
                    single ? path + ".mirror" : path + ".mirrors[" + i + "].destination",
                    route,
                    route.mirrors().get(i).destination(),
                    gatewayOnly ? "the gateway sends no copies there" : "no copies are sent there"));
        }
        return uses;
    }

    private static String lostCalls(HttpRoute route, HttpRouteDestination destination, boolean gatewayOnly) {
        String who = gatewayOnly ? " by the gateway" : "";
        if (route.route().size() == 1) {
            return "calls are answered 503" + who;
        }
        return destination.weight() == 0
                ? "no call is sent there while its weight is 0, and with a weight its share would be answered 503" + who
                : "its share of the calls is answered 503" + who;
    }

    private static DestinationUse use(
            VirtualService service,
            List<Way> ways,
            String path,
            HttpRoute route,
            Destination destination,
            String consequence) {
        return new DestinationUse(
                service.meta(),
                service,
                ways,
                path,
                route.origin(),
                destination.host(),
                destination.subset(),
                destination.port(),
                consequence);
    }

    /** All of a rule that was refused. */
    static List<DestinationUse> of(RuleManifest rule) {
        return rule.destinations().stream()
                .map(one -> new DestinationUse(
                        rule.meta(),
                        null,
                        List.of(),
                        one.path(),
                        rule.meta().origin(),
                        one.host(),
                        one.subset().isEmpty() ? null : one.subset(),
                        one.port(),
                        one.path().contains("mirror")
                                ? "no copies would be sent there"
                                : "its calls would be answered 503"))
                .toList();
    }

    /** Whether no caller in the mesh makes the calls. */
    boolean isOfGatewaysOnly() {
        return !ways.isEmpty() && ways.stream().allMatch(Way::isOfGatewaysOnly);
    }

    /** {@code VirtualService shop/cart}. */
    String object() {
        return "VirtualService " + meta.qualifiedName();
    }

    Origin originOf(String field) {
        return meta.originOf(path + field, otherwise);
    }
}
