package io.inmesh.spring.boot.cloud.discovery;

import io.inmesh.Mesh;
import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.model.Authority;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;

/** The mesh's services as Spring Cloud's. Nothing here waits or looks anything up. Thread-safe. */
final class MeshInstances {
    /** Several names may lead to one another, and to themselves by mistake. */
    private static final int LONGEST_ALIAS = 8;

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.-]+");

    private final Supplier<Mesh> mesh;
    private final Supplier<ServiceIds> ids;

    MeshInstances(Supplier<Mesh> mesh, Supplier<WorkloadIdentity> self) {
        this.mesh = mesh;
        this.ids = () -> new ServiceIds(self.get());
    }

    /** Names of services without wildcards, in their order. */
    List<String> services() {
        ServiceIds names = ids.get();
        return mesh.get().services().stream()
                .filter(service -> service.state() != ServiceEndpoints.State.ABSENT)
                .map(ServiceEndpoints::service)
                .filter(service -> !service.host().startsWith("*"))
                .map(names::shortest)
                .distinct()
                .toList();
    }

    /**
     * Instances that calls go to, none where the mesh does not know the service. Asking counts as a call: a service that a
     * cluster may have is watched from now on, and its instances are told once they are known.
     */
    List<ServiceInstance> of(String id) {
        if (!HOST.matcher(id).matches()) {
            return List.of();
        }
        Mesh current = mesh.get();
        boolean unused = current.knows("http", id);
        List<ServiceEndpoints> services = current.services();
        return ids.get().candidates(id).stream()
                .flatMap(name -> find(services, name).stream())
                .filter(service -> service.state() != ServiceEndpoints.State.ABSENT)
                .findFirst()
                .map(service -> instances(id, target(services, service)))
                .orElse(List.of());
    }

    private static Optional<ServiceEndpoints> find(List<ServiceEndpoints> services, ServiceName name) {
        return services.stream()
                .filter(service -> service.service().equals(name))
                .findFirst();
    }

    private static ServiceEndpoints target(List<ServiceEndpoints> services, ServiceEndpoints service) {
        ServiceEndpoints target = service;
        for (int i = 0; i < LONGEST_ALIAS && target.target() != null; i++) {
            Optional<ServiceEndpoints> next = find(services, target.target());
            if (next.isEmpty()) {
                break;
            }
            target = next.get();
        }
        return target;
    }

    private static List<ServiceInstance> instances(String id, ServiceEndpoints service) {
        Optional<ServicePort> port = port(service);
        boolean secure = port.filter(MeshInstances::isSecure).isPresent();
        if (service.state() != ServiceEndpoints.State.ENDPOINTS) {
            return byName(id, service, port, secure);
        }
        List<Endpoint> endpoints = port.map(ServicePort::number)
                .map(number -> service.endpoints().getOrDefault(number, List.of()))
                .orElse(List.of());
        List<Endpoint> ready = in(endpoints, Condition.READY);
        return (ready.isEmpty() ? in(endpoints, Condition.TERMINATING) : ready)
                .stream().map(endpoint -> instance(id, endpoint, secure)).toList();
    }

    private static List<Endpoint> in(List<Endpoint> endpoints, Condition condition) {
        return endpoints.stream()
                .filter(endpoint -> endpoint.condition() == condition)
                .toList();
    }

    /** The first port that carries HTTP, else the first. */
    private static Optional<ServicePort> port(ServiceEndpoints service) {
        return service.ports().stream()
                .filter(port -> port.isHttp() || isSecure(port))
                .findFirst()
                .or(() -> service.ports().stream().findFirst());
    }

    private static boolean isSecure(ServicePort port) {
        return port.protocol().equals("HTTPS");
    }

    /** A service that is called by its own name is its only instance. */
    private static List<ServiceInstance> byName(
            String id, ServiceEndpoints service, Optional<ServicePort> port, boolean secure) {
        ServiceName name = service.target() == null ? service.service() : service.target();
        if (name.host().startsWith("*") || port.isEmpty()) {
            return List.of();
        }
        int number = port.get().number();
        return List.of(
                new DefaultServiceInstance(name.host() + ":" + number, id, name.host(), number, secure, Map.of()));
    }

    private static ServiceInstance instance(String id, Endpoint endpoint, boolean secure) {
        Map<String, String> metadata = new LinkedHashMap<>(endpoint.labels());
        putIfKnown(metadata, "region", endpoint.locality().region());
        putIfKnown(metadata, "zone", endpoint.locality().zone());
        if (endpoint.weight() != 1) {
            metadata.putIfAbsent("weight", Integer.toString(endpoint.weight()));
        }
        String host = Authority.inBrackets(endpoint.address());
        return new DefaultServiceInstance(endpoint.id(), id, host, endpoint.port(), secure, metadata);
    }

    private static void putIfKnown(Map<String, String> metadata, String key, String value) {
        if (!value.isEmpty()) {
            metadata.putIfAbsent(key, value);
        }
    }
}
