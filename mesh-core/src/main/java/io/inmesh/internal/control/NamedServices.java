package io.inmesh.internal.control;

import io.inmesh.endpoint.ServiceName;
import io.inmesh.model.Destination;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.HttpMirrorPolicy;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.HttpRouteDestination;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.VirtualService;
import java.util.SortedSet;
import java.util.TreeSet;

/** The services that rules speak of, which endpoint sources are asked for. */
final class NamedServices {
    private final String clusterDomain;
    private final SortedSet<ServiceName> names = new TreeSet<>();

    private NamedServices(String clusterDomain) {
        this.clusterDomain = clusterDomain;
    }

    /** Hosts and destinations by full name; no wildcards and no addresses, which are no services. */
    static SortedSet<ServiceName> of(MeshConfig config, String clusterDomain) {
        NamedServices named = new NamedServices(clusterDomain);
        for (VirtualService rule : config.virtualServices()) {
            String namespace = rule.meta().namespace();
            rule.hosts().forEach(host -> named.add(host, namespace));
            for (HttpRoute route : rule.http()) {
                for (HttpRouteDestination target : route.route()) {
                    named.add(target.destination(), namespace);
                }
                for (HttpMirrorPolicy mirror : route.mirrors()) {
                    named.add(mirror.destination(), namespace);
                }
            }
        }
        for (DestinationRule rule : config.destinationRules()) {
            named.add(rule.host(), rule.meta().namespace());
        }
        return named.names;
    }

    private void add(Destination destination, String namespace) {
        add(destination.host(), namespace);
    }

    private void add(String host, String namespace) {
        if (host.isEmpty() || host.startsWith("*") || IpLiteral.is(host)) {
            return;
        }
        // A short name belongs to the namespace of the rule, not to that of the caller.
        names.add(new ServiceName(host.indexOf('.') < 0 ? host + "." + namespace + ".svc." + clusterDomain : host));
    }
}
