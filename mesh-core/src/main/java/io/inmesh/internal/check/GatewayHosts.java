package io.inmesh.internal.check;

import io.inmesh.endpoint.ServiceName;
import io.inmesh.internal.manifest.Manifests;
import io.inmesh.internal.manifest.RuleManifest;
import io.inmesh.internal.route.HostNames;
import io.inmesh.model.GatewayHost;
import io.inmesh.model.GatewayName;
import io.inmesh.model.VirtualService;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Gateways that VirtualServices are bound to, refused ones too, and which hosts they take. */
final class GatewayHosts {
    private final Map<GatewayName, List<GatewayHost>> hosts = new HashMap<>();
    private final String clusterDomain;

    GatewayHosts(Manifests manifests, String clusterDomain) {
        this.clusterDomain = clusterDomain;
        for (RuleManifest rule : manifests.rules()) {
            if (rule.kind().equals("Gateway")) {
                String namespace = rule.meta().namespace();
                List<GatewayHost> taken = rule.hosts().stream()
                        .map(host -> GatewayHost.of(host, namespace))
                        .toList();
                hosts.put(new GatewayName(namespace, rule.meta().name()), taken);
            }
        }
    }

    Set<GatewayName> names() {
        return hosts.keySet();
    }

    /** Whether hosts of a Gateway are known. */
    boolean knows(GatewayName gateway) {
        return !hosts.getOrDefault(gateway, List.of()).isEmpty();
    }

    /** Whether a rule is for gateways alone, and all of them are known. */
    boolean knowsAllOf(VirtualService service) {
        return RouteUsers.onlyGateways(service)
                && service.gateways().stream().allMatch(written -> knows(name(written, service)));
    }

    /** The Gateways of a rule that are known. */
    List<GatewayName> known(VirtualService service) {
        return service.gateways().stream()
                .map(written -> name(written, service))
                .filter(this::knows)
                .toList();
    }

    /**
     * Whether requests for a host of a rule find it at one of some gateways.
     *
     * @param written with or without wildcard
     */
    boolean takes(Collection<GatewayName> some, VirtualService service, String written) {
        String namespace = service.meta().namespace();
        String host = HostNames.resolve(written, namespace, clusterDomain);
        return hosts(some)
                .filter(taken -> taken.isFor(namespace))
                .map(taken -> taken.host().toLowerCase(Locale.ROOT))
                // A short name is an error of the Gateway, which is told by itself.
                .anyMatch(taken -> ServiceName.covers(taken, host)
                        || ServiceName.covers(host, taken)
                        || taken.equals(written.toLowerCase(Locale.ROOT)));
    }

    /** What gateways take, for a message. */
    String listed(Collection<GatewayName> some) {
        return hosts(some)
                .map(taken -> taken.namespace().equals("*") ? taken.host() : taken.namespace() + "/" + taken.host())
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private Stream<GatewayHost> hosts(Collection<GatewayName> some) {
        return some.stream().flatMap(name -> hosts.getOrDefault(name, List.of()).stream());
    }

    static GatewayName name(String written, VirtualService service) {
        return GatewayName.of(written, service.meta().namespace());
    }
}
