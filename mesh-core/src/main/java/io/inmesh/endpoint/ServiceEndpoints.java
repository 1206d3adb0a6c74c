package io.inmesh.endpoint;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The full state of one service, never a delta.
 *
 * @param namespace of the service; decides short names and visibility
 * @param state whether and how the service can be called
 * @param addresses virtual addresses under which it is also called; may be empty. Of an alias what DNS
 *     has of a target outside, filled in by the mesh
 * @param ports in the order of the source
 * @param endpoints by service port number; a port without entry has no endpoint
 * @param exportTo namespaces that see it; empty means all
 * @param target what an {@link State#ALIAS} stands for, a service or a host outside; null for every other state
 * @param namedInstances whether each instance has a name of its own below the service's, as those of a headless Service
 *     have ({@code db-0.db}); calls of such a name are never balanced
 */
public record ServiceEndpoints(
        ServiceName service,
        String namespace,
        State state,
        List<String> addresses,
        List<ServicePort> ports,
        Map<Integer, List<Endpoint>> endpoints,
        List<String> exportTo,
        @Nullable ServiceName target,
        boolean namedInstances) {
    /** Copies lists and maps. */
    public ServiceEndpoints {
        if ((state == State.ALIAS) != (target != null)) {
            throw new IllegalArgumentException(service + ": an ALIAS has a target, and nothing else has one");
        }
        addresses = List.copyOf(addresses);
        ports = List.copyOf(ports);
        Map<Integer, List<Endpoint>> copy = new TreeMap<>();
        endpoints.forEach((port, list) -> copy.put(port, List.copyOf(list)));
        endpoints = Collections.unmodifiableMap(copy);
        exportTo = List.copyOf(exportTo);
    }

    /** A service that is no alias and whose instances have no names. */
    public ServiceEndpoints(
            ServiceName service,
            String namespace,
            State state,
            List<String> addresses,
            List<ServicePort> ports,
            Map<Integer, List<Endpoint>> endpoints,
            List<String> exportTo) {
        this(service, namespace, state, addresses, ports, endpoints, exportTo, null, false);
    }

    /** Answer of a source that knows no such service: other sources and the passthrough rule decide. */
    public static ServiceEndpoints absent(ServiceName service) {
        return new ServiceEndpoints(service, "", State.ABSENT, List.of(), List.of(), Map.of(), List.of());
    }

    /** Another name of {@code target}, which may be an alias itself. */
    public static ServiceEndpoints alias(
            ServiceName service, String namespace, ServiceName target, List<ServicePort> ports, List<String> exportTo) {
        return new ServiceEndpoints(
                service, namespace, State.ALIAS, List.of(), ports, Map.of(), exportTo, target, false);
    }

    /** The same at other addresses. */
    public ServiceEndpoints withAddresses(List<String> others) {
        return new ServiceEndpoints(
                service, namespace, state, others, ports, endpoints, exportTo, target, namedInstances);
    }

    /** The same with other endpoints. */
    public ServiceEndpoints withEndpoints(Map<Integer, List<Endpoint>> others) {
        return new ServiceEndpoints(
                service, namespace, state, addresses, ports, others, exportTo, target, namedInstances);
    }

    /** The same with instances that have names of their own. */
    public ServiceEndpoints withNamedInstances() {
        return new ServiceEndpoints(service, namespace, state, addresses, ports, endpoints, exportTo, target, true);
    }

    /** How a service is called. */
    public enum State {
        /** Through its endpoints, of which there may be none. */
        ENDPOINTS,
        /** At the address of the request itself (ServiceEntry resolution NONE). */
        ORIGINAL_DESTINATION,
        /**
         * By its own DNS name: the source cannot see its back end and has nothing from before. Calls that name the service
         * pass through as if there were no mesh, also where only known hosts may be called; a rule of another host that
         * leads to it sends to the addresses of that name, on the destination's port and without subsets.
         */
        BY_NAME,
        /**
         * As another service: the name is one more name of its {@code target} (a Kubernetes Service of type ExternalName),
         * and a route that leads to it leads to the target. A target that no source knows and that is no name of the
         * cluster is found by DNS where a rule leads to it; calls of the alias's own name are then unknown calls.
         */
        ALIAS,
        /** This source does not know the service. */
        ABSENT
    }
}
