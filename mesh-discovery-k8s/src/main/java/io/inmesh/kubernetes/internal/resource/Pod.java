package io.inmesh.kubernetes.internal.resource;

import java.util.List;

/**
 * A v1 Pod. Texts that the server did not send are empty.
 *
 * @param metadata with all labels
 * @param phase such as {@code Running}
 * @param ips the primary one first
 * @param ready whether its condition {@code Ready} is true
 */
public record Pod(Metadata metadata, String phase, List<String> ips, String nodeName, boolean ready)
        implements KubernetesObject {
    public Pod {
        ips = List.copyOf(ips);
    }
}
