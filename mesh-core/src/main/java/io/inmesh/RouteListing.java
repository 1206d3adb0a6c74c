package io.inmesh;

import io.inmesh.internal.route.CompiledRoute;
import io.inmesh.internal.route.RouteTable;
import io.inmesh.internal.route.VirtualHost;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The route table as text for people. */
final class RouteListing {
    private RouteListing() {}

    static Map<String, List<String>> of(RouteTable table) {
        Map<String, List<String>> listing = new LinkedHashMap<>();
        for (VirtualHost host : table.virtualHosts()) {
            listing.putIfAbsent(
                    host.calledName() + ":" + host.port(),
                    host.routes().stream().map(RouteListing::describe).toList());
        }
        return Collections.unmodifiableMap(listing);
    }

    private static String describe(CompiledRoute route) {
        String name = route.name().isEmpty() ? "" : route.name() + ": ";
        String rule = route.virtualService().isEmpty() ? "no rule" : route.virtualService() + ", " + route.origin();
        return name + route.matcher() + " -> " + target(route) + " (" + rule + ")";
    }

    private static String target(CompiledRoute route) {
        if (route.redirect() != null) {
            return "redirect";
        }
        if (route.direct() != null) {
            return "direct response " + route.direct().status();
        }
        return route.destinations().stream()
                .map(destination -> destination.cluster()
                        + (route.destinations().size() > 1
                                ? " " + destination.weight() + "/" + route.totalWeight()
                                : ""))
                .collect(Collectors.joining(", "));
    }
}
