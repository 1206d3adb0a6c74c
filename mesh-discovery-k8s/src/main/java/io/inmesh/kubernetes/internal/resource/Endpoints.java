package io.inmesh.kubernetes.internal.resource;

import java.util.List;

/**
 * A v1 Endpoints object, deprecated since Kubernetes 1.33.
 *
 * @param metadata without labels and annotations
 * @param problems of addresses that were left out
 */
public record Endpoints(
        Metadata metadata, List<Subset> subsets, @Override List<String> problems) implements KubernetesObject {
    public Endpoints {
        subsets = List.copyOf(subsets);
        problems = List.copyOf(problems);
    }

    /**
     * Addresses with ports in common.
     *
     * @param endpoints {@code addresses} with {@code ready} true and {@code notReadyAddresses} with false, none terminating
     */
    public record Subset(List<SliceEndpoint> endpoints, List<SlicePort> ports) {
        public Subset {
            endpoints = List.copyOf(endpoints);
            ports = List.copyOf(ports);
        }
    }
}
