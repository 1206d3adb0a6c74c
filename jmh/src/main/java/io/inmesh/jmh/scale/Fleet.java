package io.inmesh.jmh.scale;

import io.inmesh.config.ConfigSource;
import io.inmesh.config.ConfigUpdate;
import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.EndpointSource;
import io.inmesh.endpoint.Locality;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.model.Destination;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.Headers;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.HttpRouteDestination;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.VirtualService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Many services, in which a pod is replaced now and then: as a source of endpoints, and as rules. Each service has a
 * DestinationRule and every tenth a VirtualService. One thread at a time may change it.
 */
final class Fleet implements EndpointSource {
    private static final int PORT = 80;

    private final List<List<Endpoint>> pods = new ArrayList<>();
    private final Map<ServiceName, Consumer<ServiceEndpoints>> listeners = new ConcurrentHashMap<>();
    private int changes;

    Fleet(int services, int endpoints) {
        for (int service = 0; service < services; service++) {
            List<Endpoint> own = new ArrayList<>();
            for (int pod = 0; pod < endpoints; pod++) {
                own.add(pod(service, pod, 0));
            }
            pods.add(own);
        }
    }

    int services() {
        return pods.size();
    }

    /** Replaces one pod of a service and tells about it, as one changed slice would. */
    Endpoint replacePod(int service) {
        changes++;
        List<Endpoint> own = pods.get(service);
        int pod = changes % own.size();
        Endpoint fresh = pod(service, pod, changes);
        own.set(pod, fresh);
        Consumer<ServiceEndpoints> listener = listeners.get(new ServiceName(host(service)));
        if (listener != null) {
            listener.accept(state(service));
        }
        return fresh;
    }

    /** Rules that name every service. */
    ConfigSource rules() {
        List<VirtualService> routes = new ArrayList<>();
        List<DestinationRule> policies = new ArrayList<>();
        for (int service = 0; service < pods.size(); service++) {
            String host = host(service);
            ObjectMeta meta = ObjectMeta.of("default", "s" + service);
            policies.add(DestinationRule.builder(meta, host).build());
            if (service % 10 == 0) {
                HttpRoute all = HttpRoute.builder()
                        .name("all")
                        .route(List.of(new HttpRouteDestination(new Destination(host, null, 0), 0, Headers.NONE)))
                        .build();
                routes.add(new VirtualService(meta, List.of(host), List.of(), List.of(all), List.of()));
            }
        }
        return new FixedRules(new MeshConfig(routes, policies, List.of()));
    }

    static String url(int service) {
        return "http://" + host(service) + "/";
    }

    @Override
    public AutoCloseable watch(ServiceName service, Consumer<ServiceEndpoints> onUpdate) {
        listeners.put(service, onUpdate);
        onUpdate.accept(state(
                Integer.parseInt(service.host().substring(1, service.host().indexOf('.')))));
        return () -> listeners.remove(service);
    }

    @Override
    public String name() {
        return "fleet";
    }

    @Override
    public void close() {
        listeners.clear();
    }

    private ServiceEndpoints state(int service) {
        return new ServiceEndpoints(
                new ServiceName(host(service)),
                "default",
                ServiceEndpoints.State.ENDPOINTS,
                List.of("10.96." + service / 250 + "." + service % 250),
                List.of(new ServicePort(PORT, "http", "HTTP")),
                Map.of(PORT, pods.get(service)),
                List.of());
    }

    private static String host(int service) {
        return "s" + service + ".default.svc.cluster.local";
    }

    private static Endpoint pod(int service, int pod, int generation) {
        int number = service * 256 + pod;
        return new Endpoint(
                "pod-" + service + "-" + pod + "-" + generation,
                "10." + (number >> 16 & 255) + "." + (number >> 8 & 255) + "." + (number & 255),
                8080,
                Locality.UNKNOWN,
                1,
                Map.of(),
                Condition.READY);
    }

    private record FixedRules(MeshConfig config) implements ConfigSource {
        @Override
        public AutoCloseable watch(Consumer<ConfigUpdate> onUpdate) {
            onUpdate.accept(new ConfigUpdate.Valid(config, List.of()));
            return () -> {};
        }

        @Override
        public String name() {
            return "rules";
        }

        @Override
        public void close() {}
    }
}
