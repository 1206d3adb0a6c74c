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
 * @param external whether its source says that it is outside of the mesh (ServiceEntry location MESH_EXTERNAL): nothing of a
 *     request that came in is handed on to it, unless it has a name of the cluster's own
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
        boolean namedInstances,
        boolean external) {
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

    /** A service inside of the mesh that is no alias and whose instances have no names. */
    public ServiceEndpoints(
            ServiceName service,
            String namespace,
            State state,
            List<String> addresses,
            List<ServicePort> ports,
            Map<Integer, List<Endpoint>> endpoints,
            List<String> exportTo) {
        this(service, namespace, state, addresses, ports, endpoints, exportTo, null, false, false);
    }

    /** Answer of a source that knows no such service: other sources and the passthrough rule decide. */
    public static ServiceEndpoints absent(ServiceName service) {
        return builder(service, "", State.ABSENT).build();
    }

    /** Another name of {@code target}, which may be an alias itself. */
    public static ServiceEndpoints alias(
            ServiceName service, String namespace, ServiceName target, List<ServicePort> ports, List<String> exportTo) {
        return builder(service, namespace, State.ALIAS)
                .ports(ports)
                .exportTo(exportTo)
                .target(target)
                .build();
    }

    /** The same at other addresses. */
    public ServiceEndpoints withAddresses(List<String> others) {
        return toBuilder().addresses(others).build();
    }

    /** The same with other endpoints. */
    public ServiceEndpoints withEndpoints(Map<Integer, List<Endpoint>> others) {
        return toBuilder().endpoints(others).build();
    }

    /** The same with instances that have names of their own. */
    public ServiceEndpoints withNamedInstances() {
        return toBuilder().namedInstances(true).build();
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

    /** Starts a service without ports, endpoints and addresses that everybody sees. */
    public static Builder builder(ServiceName service, String namespace, State state) {
        return new Builder(service, namespace, state);
    }

    /** Starts a copy. */
    public Builder toBuilder() {
        return new Builder(service, namespace, state)
                .addresses(addresses)
                .ports(ports)
                .endpoints(endpoints)
                .exportTo(exportTo)
                .target(target)
                .namedInstances(namedInstances)
                .external(external);
    }

    /** Collects a service; not thread-safe. */
    public static final class Builder {
        private final ServiceName service;
        private final String namespace;
        private final State state;
        private List<String> addresses = List.of();
        private List<ServicePort> ports = List.of();
        private Map<Integer, List<Endpoint>> endpoints = Map.of();
        private List<String> exportTo = List.of();
        private @Nullable ServiceName target;
        private boolean namedInstances;
        private boolean external;

        private Builder(ServiceName service, String namespace, State state) {
            this.service = service;
            this.namespace = namespace;
            this.state = state;
        }

        /**
         * Virtual addresses under which it is also called; may be empty. Of an alias what DNS has of a target outside,
         * filled in by the mesh.
         */
        public Builder addresses(List<String> newAddresses) {
            addresses = newAddresses;
            return this;
        }

        /** In the order of the source. */
        public Builder ports(List<ServicePort> newPorts) {
            ports = newPorts;
            return this;
        }

        /** By service port number; a port without entry has no endpoint. */
        public Builder endpoints(Map<Integer, List<Endpoint>> newEndpoints) {
            endpoints = newEndpoints;
            return this;
        }

        /** Namespaces that see it; empty means all. */
        public Builder exportTo(List<String> newExportTo) {
            exportTo = newExportTo;
            return this;
        }

        /** What an {@link State#ALIAS} stands for, a service or a host outside; null for every other state. */
        public Builder target(@Nullable ServiceName newTarget) {
            target = newTarget;
            return this;
        }

        /**
         * Whether each instance has a name of its own below the service's, as those of a headless Service have ({@code
         * db-0.db}); calls of such a name are never balanced.
         */
        public Builder namedInstances(boolean newNamedInstances) {
            namedInstances = newNamedInstances;
            return this;
        }

        /** Whether its source says that it is outside of the mesh. */
        public Builder external(boolean newExternal) {
            external = newExternal;
            return this;
        }

        /** The service. */
        public ServiceEndpoints build() {
            return new ServiceEndpoints(
                    service, namespace, state, addresses, ports, endpoints, exportTo, target, namedInstances, external);
        }
    }
}
