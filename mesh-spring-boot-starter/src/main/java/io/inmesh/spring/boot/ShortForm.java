package io.inmesh.spring.boot;

import io.inmesh.endpoint.ServiceName;
import io.inmesh.model.Authority;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.IpAddress;
import io.inmesh.model.LoadBalancerSettings;
import io.inmesh.model.LoadBalancerSettings.Simple;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.ServiceEntry;
import io.inmesh.model.Subset;
import io.inmesh.model.TrafficPolicy;
import io.inmesh.model.VirtualService;
import io.inmesh.model.WorkloadEntry;
import io.inmesh.spring.boot.ServiceProperties.Balancer;
import io.inmesh.spring.boot.ServiceProperties.EndpointAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Compiles {@code mesh.services} to the records that Istio's own files give, so that everything behind speaks one
 * language.
 */
final class ShortForm {
    private static final String PATH = "mesh.services";
    private static final String PORT_NAME = "http";
    /** What cannot be a name, and so is never looked up: an address, or a mistyped one. */
    private static final Pattern NO_NAME = Pattern.compile("[0-9.]+|.*:.*");

    private static final Pattern SUBSET = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    private final String namespace;
    private final String clusterDomain;
    private final PropertyProblems problems;

    private ShortForm(String namespace, String clusterDomain, PropertyProblems problems) {
        this.namespace = namespace;
        this.clusterDomain = clusterDomain;
        this.problems = problems;
    }

    /**
     * Compiles.
     *
     * @param namespace to which hosts without a dot belong
     * @param problems takes what is wrong; the result is good only when there is no error among it
     */
    static MeshConfig compile(
            Map<String, ServiceProperties> services,
            String namespace,
            String clusterDomain,
            PropertyProblems problems) {
        ShortForm form = new ShortForm(namespace, clusterDomain, problems);
        List<VirtualService> virtualServices = new ArrayList<>();
        List<DestinationRule> destinationRules = new ArrayList<>();
        List<ServiceEntry> serviceEntries = new ArrayList<>();
        services.forEach((key, service) -> {
            String path = PropertyName.entry(PATH, key);
            String host = form.fullHost(service.host() == null ? key : service.host());
            ObjectMeta meta = ObjectMeta.builder(namespace, key)
                    .origin(problems.place(path))
                    .build();
            if (!service.endpoints().isEmpty()) {
                serviceEntries.add(form.serviceEntry(service, meta, host, path));
            }
            if (service.loadBalancer() != null || !service.subsets().isEmpty()) {
                destinationRules.add(form.destinationRule(service, meta, host, path));
            }
            List<HttpRoute> routes = new ShortRoutes(host, service, problems).compile(path);
            if (!routes.isEmpty()) {
                virtualServices.add(new VirtualService(meta, List.of(host), List.of(), routes, List.of()));
            }
        });
        return new MeshConfig(virtualServices, destinationRules, serviceEntries);
    }

    /** A name without a dot is a service of the namespace, as in Istio's rules. */
    private String fullHost(String host) {
        return host.indexOf('.') >= 0 ? host : ServiceName.inCluster(host + "." + namespace, clusterDomain);
    }

    private ServiceEntry serviceEntry(ServiceProperties service, ObjectMeta meta, String host, String path) {
        problems.portInRange(service.port(), path + ".port");
        List<WorkloadEntry> endpoints = new ArrayList<>();
        boolean names = false;
        for (int i = 0; i < service.endpoints().size(); i++) {
            WorkloadEntry endpoint = endpoint(service.endpoints().get(i), path + ".endpoints[" + i + "]");
            if (endpoint != null) {
                endpoints.add(endpoint);
                names |= !IpAddress.isValid(endpoint.address());
            }
        }
        return ServiceEntry.builder(meta, List.of(host))
                .ports(List.of(new ServiceEntry.Port(service.port(), "HTTP", PORT_NAME, 0)))
                .location(ServiceEntry.Location.MESH_INTERNAL)
                .resolution(names ? ServiceEntry.Resolution.DNS : ServiceEntry.Resolution.STATIC)
                .endpoints(endpoints)
                .build();
    }

    private @Nullable WorkloadEntry endpoint(EndpointAddress endpoint, String path) {
        String text = endpoint.address() == null ? "" : endpoint.address();
        Authority authority = Authority.of(text);
        String port = authority.port();
        String host = authority.hostWithoutBrackets();
        boolean mistyped = NO_NAME.matcher(host).matches() && !IpAddress.isValid(host);
        if (port == null || authority.problem() != null || mistyped) {
            problems.error(
                    path + ".address",
                    text.isEmpty() ? "missing" : "'" + MessageText.shorten(text) + "' is not an address with a port",
                    "write host:port, such as 127.0.0.1:8080 or [::1]:8080");
            return null;
        }
        if (endpoint.weight() != null && endpoint.weight() < 1) {
            problems.error(
                    path + ".weight", "a weight is 1 or more", "leave the endpoint out when it is to get nothing");
        }
        return WorkloadEntry.builder(host)
                .ports(Map.of(PORT_NAME, Integer.valueOf(port)))
                .labels(endpoint.labels())
                .locality(endpoint.locality())
                .weight(endpoint.weight() == null ? 0 : endpoint.weight())
                .origin(problems.place(path))
                .build();
    }

    private DestinationRule destinationRule(ServiceProperties service, ObjectMeta meta, String host, String path) {
        List<Subset> subsets = new ArrayList<>();
        service.subsets().forEach((name, labels) -> {
            String at = PropertyName.entry(path + ".subsets", name);
            if (!SUBSET.matcher(name).matches()) {
                problems.error(
                        at,
                        "'" + name + "' is no good as the name of a subset",
                        "use lower-case letters, digits and dashes");
            }
            subsets.add(new Subset(name, labels, null, problems.place(at)));
        });
        return DestinationRule.builder(meta, host)
                .trafficPolicy(policy(service.loadBalancer()))
                .subsets(subsets)
                .build();
    }

    private static @Nullable TrafficPolicy policy(@Nullable Balancer balancer) {
        if (balancer == null) {
            return null;
        }
        Simple simple = switch (balancer) {
            case ROUND_ROBIN -> Simple.ROUND_ROBIN;
            case LEAST_REQUEST -> Simple.LEAST_REQUEST;
            case RANDOM -> Simple.RANDOM;
        };
        return TrafficPolicy.builder()
                .loadBalancer(new LoadBalancerSettings(simple, null, null, null))
                .build();
    }
}
