package io.inmesh.model;

import java.time.Instant;
import java.util.Comparator;

/** One rule object. Closed set: what InMesh reads is what it executes. */
public sealed interface ConfigObject permits VirtualService, DestinationRule, ServiceEntry {
    /**
     * Istio's order of precedence: by creation, then by name. Objects whose source knows no time of creation count as
     * oldest, so that a local file beats the cluster.
     */
    Comparator<ConfigObject> OLDEST_FIRST = Comparator.comparing(
                    (ConfigObject object) -> object.meta().creationTimestamp(),
                    Comparator.nullsFirst(Comparator.<Instant>naturalOrder()))
            .thenComparing(object -> object.meta().name() + "." + object.meta().namespace());

    /** Name, namespace and place of the object. */
    ObjectMeta meta();

    /** The Kubernetes kind, for messages: {@code VirtualService}. */
    default String kind() {
        return getClass().getSimpleName();
    }
}
