package io.inmesh.endpoint;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The full state of one service, never a delta.
 *
 * @param namespace of the service; decides short names and visibility
 * @param state whether and how the service can be called
 * @param addresses virtual addresses under which it is also called; may be empty. Of an absent service the name in DNS
 *     that it is another name of, if that is why it is absent
 * @param ports in the order of the source
 * @param endpoints by service port number; a port without entry has no endpoint
 * @param exportTo namespaces that see it; empty means all
 */
public record ServiceEndpoints(
        ServiceName service,
        String namespace,
        State state,
        List<String> addresses,
        List<ServicePort> ports,
        Map<Integer, List<Endpoint>> endpoints,
        List<String> exportTo) {
    /** Copies lists and maps. */
    public ServiceEndpoints {
        addresses = List.copyOf(addresses);
        ports = List.copyOf(ports);
        Map<Integer, List<Endpoint>> copy = new TreeMap<>();
        endpoints.forEach((port, list) -> copy.put(port, List.copyOf(list)));
        endpoints = Collections.unmodifiableMap(copy);
        exportTo = List.copyOf(exportTo);
    }

    /** Answer of a source that knows no such service: other sources and the passthrough rule decide. */
    public static ServiceEndpoints absent(ServiceName service) {
        return new ServiceEndpoints(service, "", State.ABSENT, List.of(), List.of(), Map.of(), List.of());
    }

    /**
     * Answer of a source for a service that is only another name in DNS (Kubernetes: ExternalName): absent as well, and
     * explain says why.
     *
     * @param target the name it stands for
     */
    public static ServiceEndpoints alias(ServiceName service, String target) {
        return new ServiceEndpoints(service, "", State.ABSENT, List.of(target), List.of(), Map.of(), List.of());
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
        /** This source does not know the service. */
        ABSENT
    }
}
