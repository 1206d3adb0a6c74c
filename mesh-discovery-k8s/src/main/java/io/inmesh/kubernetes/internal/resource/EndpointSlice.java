package io.inmesh.kubernetes.internal.resource;

import java.util.List;

/**
 * A {@code discovery.k8s.io/v1} EndpointSlice.
 *
 * @param metadata with the label {@link Resources#SERVICE_NAME} and the annotation {@link Resources#LAST_CHANGE}
 * @param addressType {@code IPv4}, {@code IPv6} or {@code FQDN}; others as they came, for later versions of Kubernetes
 * @param endpoints those with an address
 * @param problems of endpoints that were left out
 */
public record EndpointSlice(
        Metadata metadata,
        String addressType,
        List<SlicePort> ports,
        List<SliceEndpoint> endpoints,
        @Override List<String> problems)
        implements KubernetesObject {
    public EndpointSlice {
        ports = List.copyOf(ports);
        endpoints = List.copyOf(endpoints);
        problems = List.copyOf(problems);
    }

    /** Name of the Service in the same namespace, empty for a slice that belongs to none. */
    public String service() {
        return metadata.labels().getOrDefault(Resources.SERVICE_NAME, "");
    }
}
