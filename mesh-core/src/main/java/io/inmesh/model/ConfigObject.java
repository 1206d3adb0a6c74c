package io.inmesh.model;

import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** One rule object. Closed set: what InMesh reads is what it executes. */
public sealed interface ConfigObject
        permits VirtualService,
                DestinationRule,
                ServiceEntry,
                WorkloadEntryObject,
                Gateway,
                AuthorizationPolicy,
                RequestAuthentication {
    /**
     * The one order of precedence, which is Istio's: by time of creation, then by name, then by namespace; what comes
     * first wins. Objects whose source knows no time of creation come before all others, so that a local file beats the
     * cluster. Objects of the same name and namespace stay in the order of their sources.
     */
    Comparator<ConfigObject> OLDEST_FIRST = Comparator.comparing(
                    (ConfigObject object) -> object.meta().creationTimestamp(),
                    Comparator.nullsFirst(Comparator.<Instant>naturalOrder()))
            .thenComparing(object -> object.meta().name())
            .thenComparing(object -> object.meta().namespace());

    /** Name, namespace and place of the object. */
    ObjectMeta meta();

    /** The Kubernetes kind, for messages: {@code VirtualService}. */
    default String kind() {
        return getClass().getSimpleName();
    }

    /**
     * What puts this object before another one of the same claim, as the rest of a sentence about this one: {@code is
     * older}, {@code comes first by name}.
     *
     * @param other an object that {@link #OLDEST_FIRST} does not place before this one
     */
    default String precedes(ConfigObject other) {
        Instant created = meta().creationTimestamp();
        @Nullable Instant otherCreated = other.meta().creationTimestamp();
        if (created == null && otherCreated != null) {
            return "has no time of creation and so comes first";
        }
        if (created != null && !created.equals(otherCreated)) {
            return "is older";
        }
        if (!meta().name().equals(other.meta().name())) {
            return "comes first by name";
        }
        return meta().namespace().equals(other.meta().namespace()) ? "was read first" : "comes first by namespace";
    }
}
