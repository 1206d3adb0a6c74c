package io.inmesh.internal.manifest;

import io.inmesh.model.ObjectMeta;
import io.inmesh.model.Origin;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A route of Kubernetes' Gateway API as a file has it, as far as it refers to other objects.
 *
 * @param kind {@code HTTPRoute}, {@code GRPCRoute} and so on
 * @param hostnames as written
 * @param parentRefs what it is bound to
 * @param backendRefs where it leads, mirrors included
 */
public record RouteManifest(
        String kind, ObjectMeta meta, List<String> hostnames, List<Reference> parentRefs, List<Reference> backendRefs) {
    public RouteManifest {
        hostnames = List.copyOf(hostnames);
        parentRefs = List.copyOf(parentRefs);
        backendRefs = List.copyOf(backendRefs);
    }

    /**
     * One reference.
     *
     * @param path such as {@code spec.rules[0].backendRefs[1]}
     * @param origin where it is written
     * @param group of the object; empty for that of Services
     * @param namespace of the object: the route's where none is written
     * @param port null for none
     */
    public record Reference(
            String path,
            Origin origin,
            String group,
            String kind,
            String namespace,
            String name,
            @Nullable Integer port) {}
}
