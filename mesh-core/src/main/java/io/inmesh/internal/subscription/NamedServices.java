package io.inmesh.internal.subscription;

import io.inmesh.endpoint.ServiceName;
import io.inmesh.internal.route.HostNames;
import io.inmesh.model.Destination;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.HttpMirrorPolicy;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.HttpRouteDestination;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.VirtualService;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** The services that rules speak of, which endpoint sources are asked for, and how. Immutable. */
final class NamedServices {
    private final String clusterDomain;
    private final SortedSet<ServiceName> names = new TreeSet<>();
    private final Set<String> labelledHosts = new HashSet<>();
    private final List<String> labelledWildcards = new ArrayList<>();

    private NamedServices(String clusterDomain) {
        this.clusterDomain = clusterDomain;
    }

    /** Reads hosts and destinations; labels matter for subsets and for nothing else. */
    static NamedServices of(MeshConfig config, String clusterDomain) {
        return of(config, clusterDomain, false);
    }

    /**
     * Reads hosts and destinations.
     *
     * @param allLabels whether labels matter for all services, and not for those with subsets alone
     */
    static NamedServices of(MeshConfig config, String clusterDomain, boolean allLabels) {
        NamedServices named = new NamedServices(clusterDomain);
        if (allLabels) {
            named.addLabelled("*");
        }
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
            if (!rule.subsets().isEmpty()) {
                named.addLabelled(fullName(rule.host(), rule.meta().namespace(), clusterDomain));
            }
        }
        return named;
    }

    private void add(Destination destination, String namespace) {
        add(destination.host(), namespace);
    }

    private void add(String host, String namespace) {
        if (!host.isEmpty() && !host.startsWith("*") && HostNames.isName(host)) {
            names.add(new ServiceName(fullName(host, namespace, clusterDomain)));
        }
    }

    private void addLabelled(String host) {
        if (host.startsWith("*")) {
            labelledWildcards.add(host);
        } else {
            labelledHosts.add(new ServiceName(host).host());
        }
    }

    /** A short name belongs to the namespace of the rule, not to that of the caller. */
    private static String fullName(String host, String namespace, String clusterDomain) {
        return HostNames.resolve(host, namespace, clusterDomain);
    }

    /** The services by full name; no wildcards and no addresses, which are no services. */
    SortedSet<ServiceName> names() {
        return names;
    }

    /** How a service is to be watched, whether rules name it or not. */
    ServiceKey key(ServiceName service) {
        boolean labels = labelledHosts.contains(service.host())
                || labelledWildcards.stream().anyMatch(pattern -> ServiceName.covers(pattern, service.host()));
        return new ServiceKey(service, labels);
    }
}
