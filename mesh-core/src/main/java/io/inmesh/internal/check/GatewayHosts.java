package io.inmesh.internal.check;

import io.inmesh.endpoint.ServiceName;
import io.inmesh.model.Gateway;
import io.inmesh.model.GatewayHost;
import io.inmesh.model.GatewayName;
import io.inmesh.model.GatewayServer;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.VirtualService;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Which hosts the Gateways take that VirtualServices are bound to (Istio: IST0132). */
final class GatewayHosts {
    private final Map<GatewayName, Gateway> gateways = new HashMap<>();

    GatewayHosts(MeshConfig config) {
        config.gateways().forEach(gateway -> gateways.put(gateway.gatewayName(), gateway));
    }

    /** Whether a rule is for gateways alone, and all of them are known. */
    boolean knowsAllOf(VirtualService service) {
        return RouteUsers.onlyGateways(service)
                && service.gateways().stream().allMatch(written -> gateways.containsKey(name(written, service)));
    }

    /**
     * Whether requests for a host of a rule find it at one of its gateways.
     *
     * @param host full name, with or without wildcard
     */
    boolean takes(VirtualService service, String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return hosts(service).stream()
                .filter(taken -> taken.isFor(service.meta().namespace()))
                .map(taken -> taken.host().toLowerCase(Locale.ROOT))
                .anyMatch(taken -> ServiceName.covers(taken, lower) || ServiceName.covers(lower, taken));
    }

    /** What the gateways of a rule take, for a message. */
    String listed(VirtualService service) {
        return hosts(service).stream()
                .map(taken -> taken.namespace().equals("*") ? taken.host() : taken.namespace() + "/" + taken.host())
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private List<GatewayHost> hosts(VirtualService service) {
        return service.gateways().stream()
                .map(written -> gateways.get(name(written, service)))
                .filter(Objects::nonNull)
                .flatMap(gateway -> gateway.servers().stream())
                .map(GatewayServer::hosts)
                .flatMap(List::stream)
                .toList();
    }

    private static GatewayName name(String written, VirtualService service) {
        return GatewayName.of(written, service.meta().namespace());
    }
}
