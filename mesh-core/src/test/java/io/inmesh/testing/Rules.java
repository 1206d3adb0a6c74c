package io.inmesh.testing;

import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.Locality;
import io.inmesh.model.Destination;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.Gateway;
import io.inmesh.model.GatewayHost;
import io.inmesh.model.GatewayServer;
import io.inmesh.model.Headers;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.HttpRouteDestination;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.Origin;
import io.inmesh.model.ServiceEntry;
import io.inmesh.model.Subset;
import io.inmesh.model.VirtualService;
import io.inmesh.model.WorkloadEntry;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Short ways to write rules in Java. All are in namespace {@code default}. */
public final class Rules {
    private Rules() {}

    /** A service on one HTTP port with endpoints at IP addresses. */
    public static ServiceEntry service(String host, int port, WorkloadEntry... endpoints) {
        return service(host, port, ServiceEntry.Resolution.STATIC, endpoints);
    }

    /** A service on one HTTP port. */
    public static ServiceEntry service(
            String host, int port, ServiceEntry.Resolution resolution, WorkloadEntry... endpoints) {
        return new ServiceEntry(
                ObjectMeta.of("default", host),
                List.of(host),
                List.of(),
                List.of(new ServiceEntry.Port(port, "HTTP", "http", 0)),
                ServiceEntry.Location.MESH_INTERNAL,
                resolution,
                Arrays.asList(endpoints),
                null,
                List.of(),
                List.of());
    }

    /** A workload of one version. */
    public static WorkloadEntry workload(String address, String version) {
        return new WorkloadEntry(address, Map.of(), Map.of("version", version), null, null, 0, null, Origin.NONE);
    }

    /** A discovered endpoint that is ready. */
    public static Endpoint endpoint(String address, int port) {
        return new Endpoint(address + ":" + port, address, port, Locality.UNKNOWN, 1, Map.of(), Condition.READY);
    }

    /** Everything goes to one subset. */
    public static VirtualService toSubset(String host, String subset) {
        return route(host, new HttpRouteDestination(new Destination(host, subset, 0), 0, Headers.NONE));
    }

    /** One route that takes everything. */
    public static VirtualService route(String host, HttpRouteDestination... destinations) {
        HttpRoute route = HttpRoute.builder()
                .name("all")
                .route(Arrays.asList(destinations))
                .build();
        return new VirtualService(ObjectMeta.of("default", host), List.of(host), List.of(), List.of(route), List.of());
    }

    /** A subset for each version. */
    public static DestinationRule versions(String host, String... versions) {
        return DestinationRule.builder(ObjectMeta.of("default", host), host)
                .subsets(Arrays.stream(versions)
                        .map(version -> new Subset(version, Map.of("version", version), null, Origin.NONE))
                        .toList())
                .build();
    }

    /** A Gateway with these servers. */
    public static Gateway gateway(String name, GatewayServer... servers) {
        return new Gateway(ObjectMeta.of("default", name), Map.of(), Arrays.asList(servers));
    }

    /** A server of a Gateway in namespace {@code default} without TLS; hosts as a Gateway has them. */
    public static GatewayServer server(int port, String... hosts) {
        return GatewayServer.builder(
                        port,
                        GatewayServer.Protocol.HTTP,
                        Arrays.stream(hosts)
                                .map(host -> GatewayHost.of(host, "default"))
                                .toList())
                .build();
    }

    /** Services only. */
    public static MeshConfig config(ServiceEntry... services) {
        return new MeshConfig(List.of(), List.of(), Arrays.asList(services));
    }

    /** One rule with subsets, and services. */
    public static MeshConfig config(VirtualService rule, DestinationRule subsets, ServiceEntry... services) {
        return new MeshConfig(List.of(rule), List.of(subsets), Arrays.asList(services));
    }
}
